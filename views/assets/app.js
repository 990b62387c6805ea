// Keys, copying and small comforts. Every page works without this file.
//   data-key="r"          the key clicks this button or link, or focuses this field
//   data-key-label        its line in the list of keys (default: its text)
//   data-go="c"           g, then c
//   data-key-nav          a list: j k ↓ ↑ move aria-current over its [data-item]s, Enter opens
//   data-key-submit       Ctrl+Enter in this field sends its form, or presses the button named
//   data-copy="#reply"    copies that element's text or value
//   data-expires="10"     goes away after so many seconds
//   data-autosize         a text area that grows with its text
//   data-closed-on-phone  is folded away where there is little room
//   data-say="…"          is told to screen readers when it appears
//   data-select-now       is selected when it appears
//   data-address="/ask"   the address to show and to load again
(() => {
  "use strict";
  const $ = (s, from = document) => from.querySelector(s);
  const $$ = (s, from = document) => [...from.querySelectorAll(s)];
  const visible = (e) => e.getClientRects().length > 0;
  document.documentElement.classList.add("js");

  // While somebody converts kana, keys belong to the input method. Safari sends the
  // confirming Enter after compositionend, with nothing but 229 left to tell.
  const converting = (e) => e.isComposing || e.keyCode === 229 || e.key === "Process";
  const typing = (e) => e.target.closest?.("input:not([type=checkbox],[type=radio],[type=button],[type=submit]),textarea,select,[contenteditable]");
  const lettersOn = () => document.body.dataset.shortcuts !== "off";

  // say tells screen readers something; show tells everybody, for a while.
  let saying = 0;
  function say(text, show = 0) {
    const region = $("#said");
    if (!region) return;
    clearTimeout(saying);
    region.textContent = "";
    region.classList.toggle("visually-hidden", !show);
    setTimeout(() => { region.textContent = text; }, 50); // a change that screen readers notice
    if (show) saying = setTimeout(() => { region.textContent = ""; }, show);
  }

  // ---- keys ----
  let waitingForLetter = 0;

  document.addEventListener("keydown", (e) => {
    if (converting(e)) return;
    if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) return submitFocused(e);
    if (e.key === "Escape") return escape(e);
    if (e.ctrlKey || e.metaKey || e.altKey || typing(e)) return;
    if (e.key === "Enter") return openCurrent(e);
    if (e.key === "ArrowDown" || e.key === "ArrowUp") return move(e, e.key === "ArrowDown" ? 1 : -1);
    if (!lettersOn() || e.key.length !== 1 || e.repeat && !/[jk]/.test(e.key)) return;
    letter(e, e.key.toLowerCase());
  });

  function letter(e, key) {
    if (Date.now() < waitingForLetter) {
      waitingForLetter = 0;
      return press(e, `[data-go="${CSS.escape(key)}"]`);
    }
    if (press(e, `[data-key="${CSS.escape(key)}"]`)) return;
    if (key === "g") waitingForLetter = Date.now() + 1500;
    else if (key === "j") move(e, 1);
    else if (key === "k") move(e, -1);
  }

  // press clicks the first element shown that answers to a key. One inside the
  // current item of a list comes before one elsewhere; those in a closed menu count too.
  function press(e, selector) {
    const all = $$(selector).filter((x) => visible(x) || x.closest("details.menu"));
    const one = all.find((x) => x.closest('[aria-current="true"]')) || all.find((x) => x.closest("main")) || all[0];
    if (!one) return false;
    e.preventDefault();
    if (one.closest('[aria-busy="true"]')) pressLater(selector);
    else if (one.matches("input:not([type=checkbox]),textarea,select")) { one.focus(); one.select?.(); }
    else one.click();
    return true;
  }

  // A key for something that is just being replaced waits for what comes in its place.
  function pressLater(selector) {
    const until = Date.now() + 5000;
    document.addEventListener("htmx:afterRequest", (done) => {
      if (done.detail.successful && Date.now() < until) setTimeout(() => press(new Event("again"), selector));
    }, { once: true });
  }

  function submitFocused(e) {
    const field = e.target.closest?.("[data-key-submit]");
    if (!field?.form) return;
    e.preventDefault();
    const button = field.dataset.keySubmit && $(field.dataset.keySubmit);
    if (button) button.click();
    else field.form.requestSubmit();
  }

  function escape(e) {
    const menu = $("details.menu[open]");
    if (menu) { menu.open = false; $("summary", menu).focus(); return; }
    if (!$("#shortcuts")?.hidden) return showShortcuts(false);
    if (typing(e)) e.target.blur();
  }

  // ---- lists ----
  const items = () => $$("[data-key-nav] [data-item]").filter(visible);

  function move(e, step) {
    if (e.target.closest?.("summary,[role=radiogroup],input[type=radio]")) return;
    const all = items();
    if (!all.length) return;
    e.preventDefault();
    const now = all.findIndex((x) => x.getAttribute("aria-current") === "true");
    const next = all[Math.min(all.length - 1, Math.max(0, now < 0 && step > 0 ? 0 : now + step))];
    choose(next);
  }

  function mark(item) {
    if (!item) return;
    for (const other of items()) if (other !== item) other.removeAttribute("aria-current");
    item.setAttribute("aria-current", "true");
  }

  // choose marks an item; htmx and others hear "chosen" on it.
  function choose(item) {
    mark(item);
    item.scrollIntoView({ block: "nearest" });
    ($("[data-item-focus]", item) || item).focus({ preventScroll: true });
    item.dispatchEvent(new CustomEvent("chosen", { bubbles: true }));
  }

  function openCurrent(e) {
    if (e.target.closest?.("a,button,summary,input")) return;
    const link = $('[data-key-nav] [data-item][aria-current="true"] a[href]');
    if (link) { e.preventDefault(); link.click(); }
  }

  // ---- the list of keys ----
  function showShortcuts(show) {
    const box = $("#shortcuts");
    if (!box) return;
    if (show) fillShortcuts($("[data-shortcut-list]", box));
    box.hidden = !show;
    if (show) box.focus();
  }

  function fillShortcuts(list) {
    $$("[data-filled]", list).forEach((x) => x.remove());
    const seen = new Set();
    for (const one of $$("[data-key],[data-go]")) {
      const keys = one.dataset.go ? ["g", one.dataset.go] : [one.dataset.key];
      if (seen.has(keys.join())) continue;
      seen.add(keys.join());
      const line = document.createElement("div");
      const dt = document.createElement("dt"), dd = document.createElement("dd");
      line.dataset.filled = "";
      keys.forEach((k) => { const kbd = document.createElement("kbd"); kbd.textContent = k; dt.append(kbd, " "); });
      dd.textContent = one.dataset.keyLabel || wordsOf(one);
      line.append(dt, dd);
      list.append(line);
    }
  }

  function wordsOf(one) {
    const copy = one.cloneNode(true);
    $$("kbd,svg", copy).forEach((x) => x.remove());
    return copy.textContent.trim();
  }

  // ---- copying ----
  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copyBySelection(text); // plain http, or the browser said no
    }
  }

  function copyBySelection(text) {
    const box = document.createElement("textarea");
    const before = document.activeElement;
    box.value = text;
    box.readOnly = true;
    box.className = "visually-hidden";
    document.body.append(box);
    box.focus();
    box.select();
    let done = false;
    try { done = document.execCommand("copy"); } catch { /* said below */ }
    box.remove();
    before?.focus?.();
    return done;
  }

  async function copyFrom(selector) {
    const source = $(selector);
    if (!source) return;
    const done = await copy(source.value ?? source.innerText);
    if (!done) select(source);
    say(done ? document.body.dataset.copied : document.body.dataset.copyFailed, done ? 3000 : 15000);
    source.dispatchEvent(new CustomEvent(done ? "copied" : "copy-failed", { bubbles: true }));
    return done;
  }

  function select(source) {
    if (source.select) { source.focus(); source.select(); }
    else getSelection().selectAllChildren(source);
  }

  // For scripts of single pages.
  window.tasuki = { copy, say, select };

  document.addEventListener("click", (e) => {
    mark(e.target.closest("[data-key-nav] [data-item]"));
    const one = e.target.closest("[data-copy],[data-show-shortcuts],[data-hide-shortcuts],[data-back]");
    const menu = $("details.menu[open]");
    if (menu && !menu.contains(e.target)) menu.open = false;
    if (!one) return;
    if (one.dataset.copy) {
      copyFrom(one.dataset.copy).then((done) => {
        if (done) { one.classList.add("is-copied"); setTimeout(() => one.classList.remove("is-copied"), 2000); }
      });
    } else if ("back" in one.dataset) history.back();
    else { if (menu) menu.open = false; showShortcuts("showShortcuts" in one.dataset && $("#shortcuts").hidden); }
  });

  // ---- what needs care when it appears ----
  function fit(box) {
    if (CSS.supports("field-sizing", "content")) return;
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight + 2}px`;
  }

  function expire(one) {
    const number = $("[data-countdown]", one);
    let left = Number(one.dataset.expires);
    const tick = () => {
      if (!one.isConnected || one.contains(document.activeElement) && left <= 0) return;
      if (number) number.textContent = String(left);
      if (left-- <= 0) one.remove();
      else setTimeout(tick, 1000);
    };
    tick();
  }

  function wake(root) {
    const each = (selector, f) => [...(root.matches?.(selector) ? [root] : []), ...$$(selector, root)].forEach(f);
    each("textarea[data-autosize]", fit);
    each("[data-expires]", expire);
    each("[data-back]", (b) => { b.hidden = history.length < 2; });
    each("[data-closed-on-phone]", (x) => { x.open = !matchMedia("(max-width: 760px)").matches; });
    each("[data-say]", (x) => say(x.dataset.say));
    each("[data-select-now]", (x) => { x.focus(); x.select(); });
    each("[data-address]", (x) => history.replaceState(history.state, "", x.dataset.address));
  }

  // A search must not go out with half-converted kana: nobody hears of the input
  // until the conversion is done, and then they hear of it once.
  window.addEventListener("input", (e) => {
    if (e.target.matches?.("textarea[data-autosize]")) fit(e.target);
    if (e.isComposing) e.stopImmediatePropagation();
  }, true);
  // Who asked before brings their department along, unless one is chosen already.
  document.addEventListener("input", (e) => {
    const list = e.target.list, department = e.target.form?.elements.department;
    if (list?.id !== "requesters" || !department || department.value) return;
    const same = [...list.options].filter((o) => o.value === e.target.value);
    if (same.length === 1) department.value = same[0].dataset.department;
  });
  document.addEventListener("compositionend", (e) => {
    e.target.dispatchEvent(new Event("input", { bubbles: true }));
  });

  document.addEventListener("htmx:load", (e) => wake(e.detail.elt));
  // Forms carry the token in a field; buttons with hx-post have none, so htmx sends it as a header.
  document.addEventListener("htmx:configRequest", (e) => {
    const token = $('meta[name="csrf-token"]')?.content;
    if (token) e.detail.headers["X-CSRF-Token"] = token;
  });
  if (!window.htmx) document.addEventListener("DOMContentLoaded", () => { if (!window.htmx) wake(document.body); });
})();
