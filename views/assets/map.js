// The skill map: arrows move, figures wait in their cells until all are saved at
// once. Without this file every cell is a link to a form.
(() => {
  "use strict";
  const $ = (s) => document.querySelector(s);
  for (const select of document.querySelectorAll("[data-send]")) select.addEventListener("change", () => select.form.requestSubmit());
  const table = $("#map");
  if (!table) return;
  const rows = [...table.querySelectorAll("tbody tr.r")];
  const heads = [...table.querySelectorAll("thead th.m")];
  const where = $("#map-where"), form = $("#map-drafts"), panel = $("#cell-panel"), body = $("#cell-body");
  const keys = where?.textContent;
  const store = `tasuki-map-${table.dataset.saving}`;
  const drafts = new Map(); // link → {cell, before, level, place}
  const links = (row) => row.querySelectorAll("td > a");
  let leaving = false, lastG = 0, opener = null;

  // The rows below the first screen come out one part after the other. In each, one
  // stop for Tab; the arrows go on from there.
  function bring([part, ...others]) {
    if (!part) return;
    for (const a of part.querySelectorAll("td > a")) a.tabIndex = -1;
    part.classList.remove("later");
    if (others.length) requestAnimationFrame(() => setTimeout(bring, 0, others));
  }
  bring([...table.tBodies]);
  const first = table.querySelector("td > a");
  if (first) first.tabIndex = 0;

  const at = (a) => [rows.indexOf(a.closest("tr")), [...links(a.closest("tr"))].indexOf(a)];

  function go(a) {
    if (!a) return;
    for (const other of table.querySelectorAll('td > a[tabindex="0"]')) other.tabIndex = -1;
    a.tabIndex = 0;
    a.focus({ preventScroll: true });
    uncover(a.parentElement);
    tell(a);
  }

  // The first columns lie over the others: what is under them is brought out.
  function uncover(cell) {
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
    const wrap = table.parentElement, box = cell.getBoundingClientRect();
    const edge = wrap.querySelector("tbody .h").getBoundingClientRect().right, top = table.tHead.getBoundingClientRect().bottom;
    if (getComputedStyle(wrap.querySelector("tbody .h")).position === "sticky" && box.left < edge) wrap.scrollLeft -= edge - box.left;
    if (box.top < top) wrap.scrollTop -= top - box.top;
  }

  function tell(a) {
    const [y, x] = at(a);
    const skill = rows[y].querySelector(".k a").lastChild.textContent.trim();
    const draft = drafts.has(a.pathname) ? ` (${form.dataset.pending})` : "";
    if (where) where.textContent = `${heads[x].textContent.trim()} · ${skill}: ${a.textContent}${draft}`;
  }

  function step(a, key) {
    const [y, x] = at(a), n = links(rows[y]).length;
    const to = { ArrowUp: [y - 1, x], ArrowDown: [y + 1, x], ArrowLeft: [y, x - 1], ArrowRight: [y, x + 1], Home: [y, 0], End: [y, n - 1] }[key];
    if (to && rows[to[0]]) go(links(rows[to[0]])[to[1]]);
  }

  // ---- drafts ----
  // What a new level in a cell replaces, as the page knew it; "." where none may be set.
  const seen = (a) => {
    const [y, x] = at(a);
    return drafts.get(a.pathname)?.last ?? rows[y].dataset.seen?.split(" ")[x] ?? ".";
  };

  function set(a, level, quiet, last = seen(a)) {
    if (last === "." || !form) return;
    const known = drafts.get(a.pathname);
    const [, , , skill, member] = a.pathname.split("/");
    drafts.set(a.pathname, { a, before: known ? known.before : a.textContent, level, text: [decodeURIComponent(skill), decodeURIComponent(member), level, last].join(" "), last });
    a.textContent = level;
    a.parentElement.classList.add("draft");
    if (!quiet) tell(a);
    count();
  }

  function drop(a) {
    const draft = drafts.get(a.pathname);
    if (!draft) return false;
    a.textContent = draft.before;
    a.parentElement.classList.remove("draft");
    drafts.delete(a.pathname);
    tell(a);
    count();
    return true;
  }

  function count() {
    form.hidden = !drafts.size;
    $("#map-count").textContent = `${form.dataset.pending}: ${drafts.size}`;
    const kept = [...drafts].map(([link, d]) => [link, d.level, d.last]);
    if (kept.length) sessionStorage.setItem(store, JSON.stringify(kept));
    else sessionStorage.removeItem(store);
  }

  // After a reload the drafts are there again; after saving they are not.
  function restore() {
    if (!form) return;
    if (new URLSearchParams(location.search).get("done") === "saved") {
      history.replaceState(null, "", location.pathname + location.search.replace(/[?&]done=saved/, "").replace(/^&/, "?"));
      if (sessionStorage.getItem(`${store}-sent`)) { sessionStorage.removeItem(store); sessionStorage.removeItem(`${store}-sent`); return; }
    }
    let kept = [];
    try { kept = JSON.parse(sessionStorage.getItem(store) || "[]"); } catch { /* nothing to restore */ }
    for (const [link, level, last] of kept) {
      const a = [...table.querySelectorAll("td > a")].find((x) => x.pathname === link);
      if (a && seen(a) !== ".") set(a, level, true, last);
    }
  }

  form?.addEventListener("submit", () => {
    for (const old of form.querySelectorAll("[name=set]")) old.remove();
    for (const draft of drafts.values()) {
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = "set";
      field.value = draft.text;
      form.append(field);
    }
    sessionStorage.setItem(`${store}-sent`, "1");
    leaving = true;
  });
  $("#map-drop")?.addEventListener("click", () => { for (const draft of [...drafts.values()]) drop(draft.a); });
  addEventListener("beforeunload", (e) => { if (drafts.size && !leaving) e.preventDefault(); });

  // ---- the panel ----
  async function open(a, part) {
    opener = a;
    await htmx.ajax("GET", a.getAttribute("href"), { target: "#cell-body", swap: "innerHTML" });
    panel.hidden = false;
    const focus = { t: "#cell-target select", c: "#cell-body [name=confidence]", h: "#cell-history" }[part];
    ((focus && $(focus)) || $("#cell-body select, #cell-history") || $("#cell-close"))?.focus();
  }

  function close() {
    panel.hidden = true;
    body.replaceChildren();
    opener?.focus();
  }

  $("#cell-close").addEventListener("click", close);
  panel.addEventListener("keydown", (e) => { if (e.key === "Escape" && !e.isComposing) { e.stopPropagation(); close(); } });
  panel.addEventListener("submit", () => { leaving = true; });

  table.addEventListener("click", (e) => {
    const a = e.target.closest("td > a");
    if (!a || e.ctrlKey || e.metaKey || e.shiftKey || e.button) return;
    e.preventDefault();
    go(a);
    open(a);
  });
  table.addEventListener("focusin", (e) => { if (e.target.matches("td > a")) tell(e.target); });
  table.addEventListener("focusout", () => { if (where) where.textContent = keys; });

  // ---- keys ----
  const converting = (e) => e.isComposing || e.keyCode === 229 || e.key === "Process";
  table.addEventListener("keydown", (e) => {
    const a = e.target.closest("td > a");
    if (!a || converting(e)) return;
    if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) { e.preventDefault(); e.stopPropagation(); if (drafts.size) form.requestSubmit(); return; }
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const afterG = Date.now() < lastG + 1500;
    lastG = e.key === "g" ? Date.now() : 0;
    if (afterG) return;
    if (press(a, e.key)) { e.preventDefault(); e.stopPropagation(); }
  });

  function press(a, key) {
    if (/^(Arrow|Home$|End$)/.test(key)) { step(a, key); return true; }
    if (/^[0-4]$/.test(key)) { set(a, key); return true; }
    if (key === "Escape") return drop(a) || focusRow(a, false);
    if (document.body.dataset.shortcuts === "off") return false;
    if (/^[tch]$/.test(key)) { open(a, key); return true; }
    if (key === "f") { focusRow(a, !table.classList.contains("one-row")); return true; }
    return false;
  }

  function focusRow(a, on) {
    const was = table.classList.contains("one-row");
    table.classList.toggle("one-row", on);
    for (const row of rows) row.classList.toggle("on", on && row === a.closest("tr"));
    return was && !on;
  }

  // With nothing chosen, an arrow enters the map.
  document.addEventListener("keydown", (e) => {
    if (converting(e) || !/^Arrow/.test(e.key) || e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.target !== document.body && e.target.id !== "main" && !e.target.matches?.(".map-wrap")) return;
    const a = table.querySelector('td > a[tabindex="0"]');
    if (a && a.getClientRects().length) { e.preventDefault(); e.stopPropagation(); go(a); }
  }, true);

  addEventListener("keydown", (e) => {
    if (e.key === "Enter" && (e.ctrlKey || e.metaKey) && drafts.size && !converting(e) && !e.target.closest?.("form, #map")) form.requestSubmit();
  });
  restore();
})();
