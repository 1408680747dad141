// The sums of a list, while it is typed. The server counts what counts; the page works without this file.
"use strict";

const list = document.getElementById("list");
const rows = document.getElementById("rows");
const lines = document.getElementById("lines");
const no = (lines?.dataset.no ?? "").split("|"); // the words by which a row is not marked

// Each row as [count, marks by fact]; a row without a name counts nothing.
const typedRows = () => [...(rows?.children ?? [])].map((row) => {
  const value = (end) => row.querySelector(`[name$=".${end}"]`).value.trim();
  const marked = [...row.querySelectorAll("input[type=checkbox]:checked")].map((box) => box.name.slice(box.name.indexOf(".") + 1));
  return value("name") ? [value("count"), marked] : null;
});
const marksInOrder = [...document.querySelectorAll("[data-sum]:not([data-all])")].map((place) => place.dataset.sum);
const pastedRows = () => lines.value.split("\n").map((line) => {
  const [name, , count = "", ...marks] = line.split("\t").map((cell) => cell.trim());
  return name ? [count, marksInOrder.filter((_, place) => !no.includes((marks[place] ?? "").toLowerCase()))] : null;
});

const sum = () => {
  const counted = {};
  for (const place of document.querySelectorAll("[data-sum]")) counted[place.dataset.sum] = 0;
  const all = document.querySelector("[data-all]").dataset.sum;
  for (const [count, marked] of [...typedRows(), ...pastedRows()].filter(Boolean)) {
    const number = count === "" ? 1 : Number(count.replace(/[,\uff0c\s]/g, ""));
    if (!Number.isInteger(number) || number < 1) continue;
    for (const fact of [all, ...marked]) counted[fact] += number;
  }
  for (const place of document.querySelectorAll("[data-sum]")) {
    place.textContent = `${counted[place.dataset.sum].toLocaleString("en")} ${place.dataset.unit}`;
  }
  for (const place of document.querySelectorAll("[data-rate]")) {
    const total = (names) => names.split(" ").reduce((so_far, name) => so_far + counted[name], 0);
    const under = total(place.dataset.under);
    place.parentElement.hidden = under === 0;
    if (under) place.textContent = Math.floor((total(place.dataset.rate) / under) * 1000 + 1e-9) / 10 + "%";
  }
};

// One more empty row, without asking the server; the focus goes into it.
document.getElementById("more")?.addEventListener("click", (event) => {
  event.preventDefault();
  const number = rows.children.length + 1;
  const row = rows.lastElementChild.cloneNode(true);
  for (const part of row.querySelectorAll("[id], [name], [for]")) {
    for (const name of ["id", "name", "for"]) {
      if (part.hasAttribute(name)) part.setAttribute(name, part.getAttribute(name).replace(/^r\d+/, "r" + number));
    }
  }
  row.querySelector(".field__error")?.remove();
  for (const field of row.querySelectorAll("input")) {
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
    if (field.type === "checkbox") field.checked = false;
    else field.value = "";
  }
  row.querySelector("legend").textContent = row.querySelector("legend").textContent.replace(/\d+/, number);
  rows.append(row);
  row.querySelector("input").focus();
});

// What is copied from a spreadsheet into a field goes to the place for pasting, line by line.
rows?.addEventListener("paste", (event) => {
  const text = event.clipboardData.getData("text");
  if (!/\t|\n./.test(text)) return;
  event.preventDefault();
  lines.closest("details").open = true;
  lines.value = (lines.value ? lines.value.replace(/\n?$/, "\n") : "") + text;
  lines.focus();
  sum();
});

// Leaving with something typed asks first; sending it does not.
let typed = false;
list?.addEventListener("input", () => { typed = true; sum(); });
list?.addEventListener("submit", () => { typed = false; });
window.addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });
