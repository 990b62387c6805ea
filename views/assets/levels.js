// The keys of the self-assessment that are no letters: ← goes back, Enter goes on
// without a level. The digits are keys of the buttons themselves.
(() => {
  "use strict";
  document.addEventListener("keydown", (e) => {
    if (e.isComposing || e.keyCode === 229 || e.key === "Process") return; // the input method's own keys
    if (e.ctrlKey || e.metaKey || e.altKey || e.shiftKey || e.repeat || document.body.dataset.shortcuts === "off") return;
    if (e.key === "Enter" && e.target.matches?.("[type=radio],[type=checkbox]")) return e.preventDefault();
    if (e.target.closest?.("a,button,summary,input,textarea,select,[contenteditable]")) return;
    const link = { ArrowLeft: "[data-round-back]", Enter: "[data-round-skip]" }[e.key];
    if (!link) return;
    e.preventDefault();
    document.querySelector(link)?.click();
  });
  // A second key or click while the answer is on its way changes nothing.
  document.querySelector(".round-form")?.addEventListener("submit", (e) => {
    if (e.target.dataset.sent) e.preventDefault();
    e.target.dataset.sent = "1";
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("[data-sent]").forEach((f) => delete f.dataset.sent));
})();
