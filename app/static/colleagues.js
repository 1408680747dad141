// Copying an invitation; without this file the text is selected and copied by hand.
"use strict";

for (const button of document.querySelectorAll("[data-copy]")) {
  const text = document.getElementById(button.dataset.copy);
  const told = document.getElementById(button.dataset.copy + "-copied");
  button.hidden = false;
  text.addEventListener("focus", () => text.select());
  button.addEventListener("click", async () => {
    text.select();
    try {
      await navigator.clipboard.writeText(text.value);
    } catch {
      document.execCommand("copy"); // where the browser gives no clipboard: plain HTTP, older phones
    }
    told.textContent = button.dataset.copied;
  });
}
