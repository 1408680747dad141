// Comforts of filling in; it works without this file.
"use strict";

// The rate of two figures, while they are typed. The server computes the one that counts, exactly.
for (const pair of document.querySelectorAll("[data-over]")) {
  const read = (names) => names.split(" ").map((name) => document.getElementById(name + "-field")?.value.replace(/[,\s]/g, ""));
  const show = () => {
    const [over, under] = [read(pair.dataset.over), read(pair.dataset.under)];
    const rate = pair.parentElement.querySelector(".rate");
    if (!rate) return;
    const known = [...over, ...under].every((figure) => /^\d+(\.\d+)?$/.test(figure ?? ""));
    const sum = (figures) => figures.reduce((total, figure) => total + Number(figure), 0);
    rate.hidden = !known || sum(under) === 0;
    if (rate.hidden) return;
    const percent = Math.floor((sum(over) / sum(under)) * 1000 + 1e-9) / 10;
    rate.querySelector("output").textContent = percent + "%";
    rate.classList.toggle("rate--wrong", percent > 100);
  };
  document.addEventListener("input", show);
}

// "不清楚" and a figure exclude each other.
document.addEventListener("input", (event) => {
  const field = event.target;
  const fact = field.closest(".fact");
  if (!fact) return;
  if (field.type === "checkbox" && field.name.endsWith("!") && field.checked) {
    for (const other of fact.querySelectorAll("input, select, textarea")) {
      if (other === field || other.type === "hidden" || other.name.endsWith("!reason")) continue;
      if (other.type === "checkbox" || other.type === "radio") other.checked = false;
      else other.value = "";
    }
  } else if (!field.name.includes("!")) {
    for (const mark of fact.querySelectorAll('input[type="checkbox"][name$="!"]')) mark.checked = false;
  }
});

// What a question means, shown under it; without a network as it was taken along. Pressed again, it goes away.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-panel]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const tools = link.parentElement, shown = tools.nextElementSibling;
  if (shown?.classList.contains("panel")) {
    shown.remove();
    link.setAttribute("aria-expanded", "false");
    return;
  }
  const response = await fetch(`${link.href}?part=1`, { credentials: "same-origin" }).catch(() => null);
  if (!response?.ok || response.redirected) {
    location.assign(link.href);
    return;
  }
  const panel = document.createElement("div");
  panel.className = "panel";
  panel.innerHTML = await response.text(); // our own page, escaped where it is drawn
  tools.after(panel);
  link.setAttribute("aria-expanded", "true");
});

// How much is said about each question, and which are marked to be looked at again. Some pages ask out of more sections.
const noted = [...document.querySelectorAll("a[data-notes]")], notes = (link) => new URL("../notes", link.href).href;
for (const address of navigator.onLine ? new Set(noted.map(notes)) : []) {
  fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin" })
    .then((response) => (response.ok ? response.json() : {}))
    .then((said) => {
      for (const link of noted.filter((one) => notes(one) === address)) {
        const { comments, evidence, marked } = said[link.dataset.notes] ?? {};
        const count = link.dataset.counts === "evidence" ? evidence : comments;
        if (count) link.append(Object.assign(document.createElement("span"), { className: "count number", textContent: count }));
        if (marked && link.dataset.counts !== "evidence") link.prepend("◆ ");
      }
    }, () => {});
}
