// Small comforts only: every page works without this file.
"use strict";

// The error summary takes the focus, so that a screen reader begins with what has to be corrected.
document.querySelector("[data-focus]")?.focus();

// A form is sent once, however often the button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  setTimeout(() => delete form.dataset.sent, 4000);
});
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

// A dangerous button asks once more.
document.addEventListener("click", (event) => {
  const question = event.target.closest("[data-ask]")?.dataset.ask;
  if (question && !window.confirm(question)) event.preventDefault();
});

// Signing out leaves nothing on this device, and asks first when answers have not left it.
for (const form of document.querySelectorAll("form[data-unsent]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    const { leave } = await import("./leave.js");
    if (await leave(form.dataset.unsent)) form.submit();
  });
}

// What was typed goes along when the language is switched: the button sends the form that was typed into last.
let typedInto = null;
document.addEventListener("input", (event) => { typedInto = event.target.form ?? typedInto; });
document.querySelector("[data-language]")?.addEventListener("click", (event) => {
  const button = event.currentTarget;
  if (typedInto) {
    const address = new URL(button.formAction);
    address.searchParams.set("into", typedInto.id || typedInto.getAttribute("action") || "");
    typedInto.id ||= "typed-into";
    button.setAttribute("form", typedInto.id);
    button.formAction = address;
  } else if (!("keep" in button.dataset)) button.setAttribute("form", "language");
});

// The address of a page that was drawn again with what was typed says so; it is the same page.
const drawn = new URL(location);
if (drawn.searchParams.has("typed")) {
  const into = drawn.searchParams.get("typed");
  drawn.searchParams.delete("typed");
  history.replaceState(null, "", drawn);
  typedInto = [...document.forms].find((form) => [form.id, form.getAttribute("action")].includes(into)) ?? null;
}

// A page that waits for something looks again by itself. Only when it has changed is anything replaced and read aloud.
const waiting = () => document.querySelector("[data-refresh]");
const sayThatItLooks = () => document.querySelectorAll("[data-script]").forEach((words) => { words.hidden = false; });
const lookAgain = async () => {
  const answer = await fetch(drawn).catch(() => null);
  if (answer?.ok) showNews(new DOMParser().parseFromString(await answer.text(), "text/html"));
  if (waiting()) setTimeout(lookAgain, 1000 * waiting().dataset.refresh);
};
const showNews = (fresh) => {
  const [before, now] = [document, fresh].map((page) => page.querySelector("main [role=status]"));
  if (!now || now.textContent === before.textContent) return;
  const focused = waiting().contains(document.activeElement);
  waiting().replaceWith(now.nextElementSibling);
  before.replaceChildren(...now.childNodes);
  sayThatItLooks();
  if (focused) document.querySelector("main").focus();
};
if (waiting()) {
  sayThatItLooks();
  setTimeout(lookAgain, 1000 * waiting().dataset.refresh);
}
