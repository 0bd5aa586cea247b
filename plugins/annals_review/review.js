// Keys: j k move, a c d r s unfold a form, Enter opens, / searches, Esc leaves, ? helps. All of it works by mouse too.
"use strict";

// Airflow keeps its choice of light or dark here.
const theme = localStorage.getItem("theme");
if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;

document.addEventListener("DOMContentLoaded", () => {
  const findings = [...document.querySelectorAll("article.finding")];
  const help = document.getElementById("help");
  const search = document.getElementById("search");
  let at = -1;

  const select = (index) => {
    if (index < 0 || index >= findings.length) return;
    at = index;
    findings.forEach((one, position) => one.classList.toggle("chosen", position === at));
    findings[at].focus({ preventScroll: true });
    findings[at].scrollIntoView({ block: "nearest" });
  };
  const unfold = (key) => {
    if (at < 0) select(0);
    const form = findings[at]?.querySelector(`details[data-key="${key}"]`);
    if (!form) return;
    form.open = true;
    enter(form);
  };
  const enter = (form) => {
    (form.querySelector("input:not([type=hidden])") ?? form.querySelector("button")).focus();
    form.scrollIntoView({ block: "nearest" });
  };

  for (const form of document.querySelectorAll(".actions details")) {
    form.addEventListener("toggle", () => {
      const active = document.activeElement;
      if (form.open && !(form.contains(active) && active.matches("input"))) enter(form);
    });
  }
  for (const [position, one] of findings.entries()) {
    one.addEventListener("focusin", () => { at = position; findings.forEach((o) => o.classList.toggle("chosen", o === one)); });
    one.addEventListener("click", () => { at = position; findings.forEach((o) => o.classList.toggle("chosen", o === one)); });
  }
  document.getElementById("show-help").addEventListener("click", () => help.showModal());
  document.addEventListener("submit", (event) => {
    sessionStorage.setItem("annals-at", at);
    for (const button of event.target.querySelectorAll("button")) setTimeout(() => { button.disabled = true; });
  });
  window.addEventListener("pageshow", () => { for (const button of document.querySelectorAll("button")) button.disabled = false; });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const typing = event.target.matches("input, textarea, select");
    if (event.key === "Escape" && !help.open) {
      const form = event.target.closest(".actions details[open]") ?? document.querySelector(".chosen .actions details[open]");
      if (form) form.open = false;
      event.target.blur();
      if (at >= 0) select(at);
      return;
    }
    if (typing || help.open) return;
    const does = {
      j: () => select(at + 1), ArrowDown: () => select(at + 1),
      k: () => select(at - 1), ArrowUp: () => select(at - 1),
      a: () => unfold("a"), c: () => unfold("c"), d: () => unfold("d"), r: () => unfold("r"), s: () => unfold("s"),
      "/": () => search?.focus(), "?": () => help.showModal(),
      Enter: () => { if (event.target.dataset?.href) location.href = event.target.dataset.href; },
    }[event.key];
    if (!does || (event.key.startsWith("Arrow") && at < 0)) return;
    if (event.key === "Enter" && !event.target.dataset?.href) return;
    event.preventDefault();
    does();
  });
  const filters = document.querySelector(".filters");
  if (filters && matchMedia("(max-width: 60rem)").matches) filters.open = false;
  const picture = document.querySelector(".picture img");
  picture?.addEventListener("error", () => picture.parentElement.remove());
  const marked = document.querySelector(".text mark");
  if (marked) marked.parentElement.scrollTop = marked.offsetTop - marked.parentElement.offsetTop - 100;
  // Back to the list with the filters that it had.
  const back = document.querySelector("a[data-back]");
  if (back && document.referrer.startsWith(back.href + "?")) back.href = document.referrer;
  // After a decision: on with the finding that has taken the place of the one just settled.
  const settled = new URLSearchParams(location.search).has("done");
  const next = settled ? Math.max(0, Number(sessionStorage.getItem("annals-at") ?? 0)) : 0;
  if (findings.length && !location.hash) select(Math.min(next, findings.length - 1));
});
