// What the pages do better with a script, and do without one too.
"use strict";

// A part of the page was changed: tell those who cannot see it, and show what must be mended.
function fokuser(sted) {
  const feil = sted.querySelector("[data-fokus]");
  if (feil) feil.focus();
}
document.addEventListener("DOMContentLoaded", () => fokuser(document));
document.addEventListener("htmx:after:swap", (hendelse) => fokuser(hendelse.target instanceof Element ? hendelse.target : document));

// A form is sent once, however often the button is pressed.
document.addEventListener("submit", (hendelse) => {
  const skjema = hendelse.target;
  if (skjema.dataset.sendt) { hendelse.preventDefault(); return; }
  if (!skjema.hasAttribute("hx-post") && !skjema.hasAttribute("data-nedlasting")) skjema.dataset.sendt = "ja";
});
// Back in history the form can be sent again.
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sendt]").forEach((skjema) => delete skjema.dataset.sendt));

// Everything is unfolded on paper, but what has not been fetched.
window.addEventListener("beforeprint", () => document.querySelectorAll("details:not(.lat)").forEach((en) => { en.dataset.varAapen = en.open ? "ja" : ""; en.open = true; }));
window.addEventListener("afterprint", () => document.querySelectorAll("details:not(.lat)").forEach((en) => { en.open = en.dataset.varAapen === "ja"; }));
document.addEventListener("click", (hendelse) => {
  if (hendelse.target.closest("[data-skriv-ut]")) window.print();
});

// Logging out at the provider too takes a form; with a script nobody has to press its button.
document.addEventListener("DOMContentLoaded", () => {
  const skjema = document.querySelector("form[data-send-straks]");
  if (skjema) skjema.requestSubmit();
});
