// A plan that is tried out: every change of a box, an answer or the budget is worked out at once, and nothing is stored.
"use strict";

const part = async (address) => {
  const options = { headers: { Accept: "text/html" }, credentials: "same-origin", redirect: "error" };
  return fetch(address, options).then((answer) => (answer.ok ? answer.text() : null)).catch(() => null);
};

const form = document.getElementById("trial"), tried = document.getElementById("tried");
if (form && tried) {
  let asked = 0, waiting = 0;

  const ask = async () => {
    const mine = ++asked, said = new URLSearchParams(new FormData(form));
    said.append("part", "1");
    const shown = await part(`${form.action}?${said}`);
    if (mine !== asked) return; // a later change has asked anew
    if (shown === null) tried.textContent = tried.dataset.failed;
    else tried.innerHTML = shown; // our own page, escaped where it is drawn
  };

  form.addEventListener("change", ask);
  form.addEventListener("input", (event) => {
    if (event.target.name !== "budget") return;
    clearTimeout(waiting);
    waiting = setTimeout(ask, 300);
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter?.hasAttribute("formaction")) return; // the other language takes along what was typed
    event.preventDefault();
    ask();
  });
}
