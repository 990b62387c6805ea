// Keeps what is typed into a form with a [data-draft] button: every five seconds, when a
// field is left, with the button and with Ctrl+S. Without this file the button sends the
// form, which does the same.
//   data-draft="reply"    the field to watch; "" watches the whole form
//   data-failed           what to say when nothing could be kept
(() => {
  "use strict";
  const button = () => document.querySelector("button[data-draft]");
  const watched = (field) => {
    const b = button();
    return b && field.form === b.form && (!b.dataset.draft || field.name === b.dataset.draft);
  };
  let changed = false, sent = false, saving = null;

  async function keep(asked, leaving) {
    const b = button();
    if (!b || sent || saving) return;
    changed = false;
    saving = new AbortController();
    const { text, again } = await post(b, leaving, saving.signal);
    saving = null;
    if (sent) return;
    changed ||= again;
    const state = b.parentElement.querySelector("[data-draft-state]");
    if (state) state.textContent = text;
    if (asked) window.tasuki.say(text);
  }

  async function post(b, leaving, signal) {
    const body = new URLSearchParams(new FormData(b.form));
    body.set("draft", "1");
    try {
      const answer = await fetch(b.formAction, {
        method: "POST", body, signal, headers: { "HX-Request": "true" },
        keepalive: leaving && body.toString().length < 60_000, // browsers take no more from a page that is left
      });
      const plain = answer.headers.get("Content-Type")?.startsWith("text/plain");
      if (plain && (answer.ok || answer.status === 422)) return { text: await answer.text(), again: false };
    } catch { /* said below */ }
    return { text: b.dataset.failed, again: true };
  }

  document.addEventListener("input", (e) => { if (watched(e.target)) changed = true; });
  document.addEventListener("change", (e) => { if (watched(e.target)) changed = true; });
  document.addEventListener("focusout", (e) => { if (changed && watched(e.target)) keep(); });
  setInterval(() => { if (changed) keep(); }, 5000);
  window.addEventListener("pagehide", () => { if (changed) keep(false, true); });
  window.addEventListener("pageshow", () => { sent = false; });

  document.addEventListener("click", (e) => {
    if (!e.target.closest("button[data-draft]")) return;
    e.preventDefault();
    keep(true);
  });
  document.addEventListener("keydown", (e) => {
    if (e.isComposing || e.keyCode === 229 || e.key === "Process") return;
    if (e.key.toLowerCase() !== "s" || !(e.ctrlKey || e.metaKey) || e.shiftKey || e.altKey || !button()) return;
    e.preventDefault();
    keep(true);
  });

  // What is sent needs no draft any more; and the reply to another question is another draft.
  document.addEventListener("submit", (e) => {
    if (e.target !== button()?.form) return;
    sent = true;
    saving?.abort();
  });
  document.addEventListener("htmx:beforeRequest", (e) => { if (e.detail.target?.id === "results") changed = false; });
})();
