// The search page and every page with a reply to use. Without this file the same
// buttons send the same form.
(() => {
  "use strict";
  const $ = (s, from = document) => from.querySelector(s);
  const busy = (e, on) => e?.setAttribute("aria-busy", String(on));
  const phone = matchMedia("(max-width: 760px)");

  // ---- pasting: anywhere on the page, the text goes into the box ----
  let pasted = false;

  document.addEventListener("paste", (e) => {
    const box = $("#question");
    const text = e.clipboardData?.getData("text/plain") || "";
    if (!box || !text) return;
    if (e.target === box) {
      pasted = box.selectionStart === 0 && box.selectionEnd === box.value.length;
      return;
    }
    if (e.target.closest?.("input,textarea,select,[contenteditable]")) return;
    e.preventDefault();
    box.focus();
    box.select();
    // Typed rather than set, so that Ctrl+Z brings the former question back.
    if (!document.execCommand("insertText", false, text)) {
      box.value = text;
      box.dispatchEvent(new Event("input", { bubbles: true }));
    }
    pasted = true;
  });

  let asking = 0, waiting = 0; // requests under way, and the timer below

  document.addEventListener("input", (e) => {
    if (e.target.id === "question") {
      $('[data-ask] > [name="whole"]')?.remove(); // another text is stripped again
      busy($("#results"), true);
      // A letter typed and taken back asks nothing, and nothing would end the waiting.
      clearTimeout(waiting);
      waiting = setTimeout(() => { if (!asking) busy($("#results"), false); }, 600);
    }
    if (e.target.name === "requester") greet(e.target.value);
  });

  // ---- what is loading answers no key: R must never use the answer shown before ----
  document.addEventListener("chosen", (e) => { busy($("#draft"), true); e.stopPropagation(); });
  document.addEventListener("htmx:beforeRequest", (e) => { asking++; busy(e.detail.target, true); });
  document.addEventListener("htmx:afterRequest", (e) => {
    asking = Math.max(0, asking - 1);
    busy(e.detail.target, false);
    if (e.detail.failed) pasted = false;
  });
  document.addEventListener("htmx:afterSwap", (e) => {
    const target = e.detail.target;
    if (target.id === "results") {
      if (pasted) $('.hit[aria-current="true"] [data-item-focus]')?.focus({ preventScroll: true });
      pasted = false;
      $('[data-ask] > [name="choose"]')?.remove();
    }
    if (target.id === "results" || target.id === "draft") remember();
  });

  // ---- Back brings the question back: it stays with the page in this browser's history,
  // for the same person only, and is in no address and not on the server ----
  function remember() {
    const form = $("[data-ask]");
    if (!form) return;
    const open = $('[name="consultation"]', form)?.value;
    const state = { ...history.state, question: $("#question").value, chosen: $('#draft [name="article"]')?.value, by: form.dataset.ask };
    try {
      history.replaceState(state, "", open ? `/ask?consultation=${encodeURIComponent(open)}` : "/ask");
    } catch { /* Safari allows a hundred in half a minute; the next one tells the same */ }
  }

  document.addEventListener("DOMContentLoaded", () => {
    const form = $("[data-ask]"), box = $("#question"), before = history.state;
    if (!form) return;
    if (!before?.question || before.by !== form.dataset.ask || before.question === box.defaultValue) {
      if (box.defaultValue) remember(); // so that a page that answered a form can be loaded again
      return;
    }
    box.value = before.question;
    if (before.chosen) {
      const choose = document.createElement("input");
      Object.assign(choose, { type: "hidden", name: "choose", value: before.chosen });
      form.append(choose);
    }
    $("#search").click();
  });

  // ---- the reply as a sheet on a phone ----
  document.addEventListener("click", (e) => {
    const hit = e.target.closest(".hit [name=choose]");
    if (hit && window.htmx && phone.matches) openSheet();
    if (e.target.closest("[data-sheet-close]")) history.back();
    const opener = e.target.closest('[data-opens], a[href="#reply"]');
    if (!opener) return;
    e.preventDefault(); // the fragment would jump; only the place to write moves
    if (opener.dataset.opens) $(opener.dataset.opens).open = true;
    const field = $(opener.getAttribute("href"));
    field.focus({ preventScroll: true });
    field.scrollIntoView({ block: "nearest" });
  });

  function openSheet() {
    if (document.body.classList.contains("sheet-open")) return;
    document.body.classList.add("sheet-open");
    history.pushState({ ...history.state, sheet: true }, ""); // the back button of the phone closes the sheet, not the page
    $("#draft")?.focus({ preventScroll: true });
  }

  window.addEventListener("popstate", () => {
    if (!document.body.classList.contains("sheet-open")) return;
    document.body.classList.remove("sheet-open");
    $('.hit[aria-current="true"] [data-item-focus]')?.focus();
  });

  document.addEventListener("keydown", (e) => {
    if (e.key === "Escape" && !e.isComposing && document.body.classList.contains("sheet-open")) history.back();
  });

  // ---- the greeting follows the name ----
  function greet(name) {
    const reply = $("#reply"), addressed = $('[name="addressed"]');
    if (!reply || !addressed) return;
    const line = (n) => { const first = n.trim().split(/\s+/)[0]; return first ? `${reply.dataset.greeting.replace("{name}", first)}\n\n` : ""; };
    const before = line(addressed.value);
    if (!reply.value.startsWith(before)) return; // somebody wrote a greeting of their own
    reply.value = line(name) + reply.value.slice(before.length);
    addressed.value = name;
  }

  // ---- using: first the clipboard, then the form, once ----
  let sending = false;

  document.addEventListener("click", async (e) => {
    const use = e.target.closest("[data-use]");
    if (!use?.form) return;
    e.preventDefault();
    if (sending || use.closest('[aria-busy="true"]')) return;
    sending = true;
    const done = await window.tasuki.copy($("#reply").value);
    $('[name="copied"]', use.form).value = done ? "yes" : "no";
    const send = document.createElement("button"); // carries the address, and no listener of ours
    send.formAction = "/use";
    send.hidden = true;
    use.form.append(send);
    send.click();
    setTimeout(() => { sending = false; }, 5000);
  });
  window.addEventListener("pageshow", () => { sending = false; });
})();
