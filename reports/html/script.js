"use strict";
{
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const one = (selector, within = document) => within.querySelector(selector);

/* --- light and dark ------------------------------------------------------------------------ */

const theme = one("#theme");
const dark = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => document.documentElement.dataset.theme
  ? document.documentElement.dataset.theme === "dark" : dark.matches;
const nameTheme = () => { theme.textContent = isDark() ? "Light" : "Dark"; };
theme.addEventListener("click", () => {
  document.documentElement.dataset.theme = isDark() ? "light" : "dark";
  nameTheme();
});
dark.addEventListener("change", nameTheme);
theme.hidden = false;
nameTheme();

/* --- filters ------------------------------------------------------------------------------- */

const search = one("#search");
const state = one("#state");
const rows = all("#matrix tbody tr").map(row => [row, row.textContent.toLowerCase()]);
const stale = all("#staleness tbody tr").map(row => [row, row.textContent.toLowerCase()]);
const sections = all(".failure").map(section => [section, section.textContent.toLowerCase()]);
function filter() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (text, states) => words.every(word => text.includes(word)) &&
    (!state.value || states.split(" ").includes(state.value));
  for (const [row, text] of rows) row.hidden = !fits(text, row.dataset.states);
  for (const [section, text] of sections) section.hidden = !fits(text, section.dataset.state);
  for (const [row, text] of stale) row.hidden = !words.every(word => text.includes(word));
  if (stale.length) one("#staleness").hidden = stale.every(([row]) => row.hidden);
  const count = rows.filter(([row]) => !row.hidden).length;
  one("#shown").textContent = words.length || state.value ? `${count} of ${rows.length} rows` : "";
}
search.addEventListener("input", filter);
state.addEventListener("change", filter);

/* --- deep links ---------------------------------------------------------------------------- */

function goTo() {
  let id;
  try { id = decodeURIComponent(location.hash.slice(1)); } catch { return; }
  const section = id && document.getElementById(id);
  if (!section) return;
  if (section.hidden) { search.value = state.value = ""; filter(); }
  section.scrollIntoView();
  if (section.matches(".failure")) section.focus({preventScroll: true});
}
addEventListener("hashchange", goTo);
goTo();

/* --- copying ------------------------------------------------------------------------------- */

for (const button of all(".copy")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const code = one("code", button.parentElement);
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = "Copied";
    } catch { /* not allowed here: it can be copied by hand */
      getSelection().selectAllChildren(code);
      button.textContent = "Selected";
    }
  });
}

/* --- what an event is ---------------------------------------------------------------------- */

const tip = one("#tip");

function place(group, x) {
  const box = group.getBoundingClientRect();
  const left = x === undefined ? Math.max(box.left, 0) : x;
  tip.style.left = Math.max(4, Math.min(left + 12, innerWidth - tip.offsetWidth - 8)) + "px";
  const below = box.bottom + 8 + tip.offsetHeight < innerHeight;
  tip.style.top = (below ? box.bottom + 8 : box.top - tip.offsetHeight - 8) + "px";
}

function tell(event) {
  const group = event.target.closest && event.target.closest(".event");
  for (const linked of all(".linked")) linked.classList.remove("linked");
  tip.hidden = !group;
  if (!group) return;
  tip.textContent = group.getAttribute("aria-label");
  place(group, event.type === "mouseover" ? event.clientX : undefined);
  const fetch = group.dataset.fetch;
  if (fetch)
    for (const call of all(`[data-of="${fetch}"]`, group.ownerSVGElement))
      call.classList.add("linked");
}
document.addEventListener("mouseover", tell);
document.addEventListener("focusin", tell);
document.addEventListener("focusout", () => { tip.hidden = true; });
/* Focus scrolls its event into view; then the tip goes along. */
addEventListener("scroll", () => {
  const focused = document.activeElement;
  if (!focused.matches(".event")) tip.hidden = true;
  else if (!tip.hidden) place(focused);
}, {passive: true});
document.addEventListener("keydown", event => { if (event.key === "Escape") tip.hidden = true; });

/* --- zoom ---------------------------------------------------------------------------------- */

/* As in html_picture.c. */
const LEFT = 156, PLOT = 832, AT_EDGE = 26;

function timeText(us) {
  const cut = (value, digits) =>
    (Math.floor(value * 10 ** digits + 1e-9) / 10 ** digits).toFixed(digits);
  if (us < 1e6) return cut(us / 1e3, us % 100 ? 3 : 1) + " ms";
  return cut(us / 1e6, 3) + " s";
}

class Timeline {
  constructor(figure) {
    this.svg = one("svg", figure);
    this.from = +this.svg.dataset.from;
    this.span = +this.svg.dataset.until - this.from;
    this.moved = all(".t", this.svg).map(group => {
      const at = group.transform.baseVal[0].matrix;
      return [group, (at.e - LEFT) / PLOT, at.f];
    });
    this.sized = all(".s", this.svg).map(bar =>
      [bar, (bar.x.baseVal.value - LEFT) / PLOT, bar.width.baseVal.value / PLOT]);
    this.axis = one(".axis", this.svg);
    this.axisY = this.svg.viewBox.baseVal.height - 26;
    this.start = 0;
    this.part = 1;
    one(".zoom-in", figure).addEventListener("click", () => this.zoom(0.5, 0.5));
    one(".zoom-out", figure).addEventListener("click", () => this.zoom(2, 0.5));
    one(".reset", figure).addEventListener("click", () => this.show(0, 1));
    this.svg.addEventListener("wheel", event => this.wheel(event), {passive: false});
    this.svg.addEventListener("keydown", event => this.key(event));
    this.svg.addEventListener("pointerdown", event => this.drag(event));
  }

  /* Which part of the whole is seen, both from 0 to 1. */
  show(start, part) {
    this.part = Math.min(1, Math.max(part, 1e-4));
    this.start = Math.min(1 - this.part, Math.max(0, start));
    const x = share => LEFT + (share - this.start) / this.part * PLOT;
    for (const [group, share, y] of this.moved)
      group.setAttribute("transform", `translate(${x(share).toFixed(1)},${y})`);
    for (const [bar, share, width] of this.sized) {
      bar.setAttribute("x", x(share).toFixed(1));
      bar.setAttribute("width", (width / this.part * PLOT).toFixed(1));
    }
    this.drawAxis(x);
  }

  drawAxis(x) {
    const seen = this.span * this.part;
    let step = 1;
    for (let i = 0; seen / step > 7; i++) step = i % 3 === 1 ? step / 2 * 5 : step * 2;
    const first = Math.ceil((this.from + this.start * this.span) / step) * step;
    const last = this.from + (this.start + this.part) * this.span;
    const make = (name, attributes, ...children) => {
      const element = document.createElementNS("http://www.w3.org/2000/svg", name);
      for (const key in attributes) element.setAttribute(key, attributes[key]);
      element.append(...children);
      return element;
    };
    this.axis.replaceChildren();
    for (let us = first; us <= last; us += step) {
      const at = x((us - this.from) / this.span);
      const edge = at < LEFT + AT_EDGE ? " first" : at > LEFT + PLOT - AT_EDGE ? " last" : "";
      this.axis.append(make("g", {transform: `translate(${at.toFixed(1)},${this.axisY})`},
        make("path", {class: "rule", d: "M0 0V5"}),
        make("text", {class: "time" + edge, y: 18}, timeText(us))));
    }
  }

  /* `at`: what stays where it is, from 0 (left) to 1. */
  zoom(factor, at) {
    const part = Math.min(1, this.part * factor);
    this.show(this.start + (this.part - part) * at, part);
  }

  shareAt(clientX) {
    const box = this.svg.getBoundingClientRect();
    const share = ((clientX - box.left) / box.width * 1000 - LEFT) / PLOT;
    return Math.min(1, Math.max(0, share));
  }

  /* A page must scroll on over a picture that is shown whole. */
  wheel(event) {
    if (event.deltaY > 0 && this.part === 1) return;
    event.preventDefault();
    this.zoom(event.deltaY < 0 ? 0.8 : 1.25, this.shareAt(event.clientX));
  }

  key(event) {
    const acts = {
      "+": () => this.zoom(0.5, 0.5), "=": () => this.zoom(0.5, 0.5),
      "-": () => this.zoom(2, 0.5), "0": () => this.show(0, 1),
      "ArrowLeft": () => this.show(this.start - this.part / 5, this.part),
      "ArrowRight": () => this.show(this.start + this.part / 5, this.part),
    };
    if (!acts[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    acts[event.key]();
  }

  drag(event) {
    const began = event.clientX, start = this.start;
    const width = this.svg.getBoundingClientRect().width * PLOT / 1000;
    if (event.button !== 0 || this.part === 1) return;
    const move = moved =>
      this.show(start - (moved.clientX - began) / width * this.part, this.part);
    addEventListener("pointermove", move);
    addEventListener("pointerup", () => removeEventListener("pointermove", move), {once: true});
  }
}

/* Made when it is first used: a report may have many. */
for (const figure of all(".timeline")) {
  let timeline;
  const use = event => {
    if (timeline) return;
    timeline = new Timeline(figure);
    for (const name of ["pointerover", "focusin"]) figure.removeEventListener(name, use);
  };
  for (const name of ["pointerover", "focusin"]) figure.addEventListener(name, use);
}

/* Where a picture is wider than its frame, what it is about is in view first. */
const toWitness = new IntersectionObserver(entries => {
  for (const {target, isIntersecting} of entries) {
    const number = isIntersecting && all("circle.number", target).pop();
    if (!isIntersecting) continue;
    toWitness.unobserve(target);
    if (!number) continue;
    const beyond = number.getBoundingClientRect().right - target.getBoundingClientRect().right;
    if (beyond > -40) target.scrollLeft += beyond + 60;
  }
});
for (const frame of all(".timeline .frame")) toWitness.observe(frame);
}
