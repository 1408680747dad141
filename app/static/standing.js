// The conclusions of now, beside the questions: asked for when somebody opens them, and again after every save.
"use strict";

const box = document.getElementById("now");
if (box) {
  const shown = box.querySelector(".now__shown"), line = box.querySelector(".now__line");
  const aloud = document.getElementById("now-aloud");
  let asked = 0;

  const ask = async () => {
    const mine = ++asked;
    const options = { headers: { Accept: "text/html" }, credentials: "same-origin", redirect: "error" };
    const part = await fetch(box.dataset.from, options).then((answer) => (answer.ok ? answer.text() : null)).catch(() => null);
    if (mine === asked) show(part); // else a later save has asked anew
  };

  const show = (part) => {
    const focused = shown.contains(document.activeElement) && document.activeElement.getAttribute("href");
    if (part === null) shown.textContent = box.dataset.failed;
    else shown.innerHTML = part; // our own page, escaped where it is drawn
    if (focused) (shown.querySelector(`a[href="${CSS.escape(focused)}"]`) ?? box.querySelector("summary")).focus();
    const level = shown.querySelector(".standing__level")?.textContent ?? "";
    if (level !== aloud.textContent) aloud.textContent = level;
    line.textContent = level;
  };

  const remember = (open) => { try { localStorage.setItem("now-open", open ? "1" : ""); } catch { /* then closed */ } };
  const remembered = () => { try { return Boolean(localStorage.getItem("now-open")); } catch { return false; } };

  box.addEventListener("toggle", () => {
    remember(box.open);
    if (box.open) ask();
  });
  document.addEventListener("zhizhen:saved", () => {
    if (box.open) ask();
    else line.textContent = ""; // no longer what is known
  });
  box.open = remembered();
}
