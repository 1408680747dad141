// Files go up one by one with their progress, and what failed can be tried again. The form works without this file.
"use strict";

{
  const form = document.querySelector("[data-upload]");
  const words = form?.dataset;
  const list = form?.querySelector(".uploads");
  const waiting = [];
  let going = false;

  const line = (file) => {
    const item = document.createElement("li");
    const [name, state, bar] = ["span", "span", "progress"].map((tag) => document.createElement(tag));
    name.textContent = file.name;
    state.className = "uploads__state";
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    item.append(name, state, bar);
    list.append(item);
    list.hidden = false;
    return { item, state, bar, file };
  };

  const say = (sentence) => { form.querySelector("[data-said]").textContent = sentence; };

  const fail = (one, sentence, again) => {
    one.bar.remove();
    one.state.textContent = "";
    const wrong = document.createElement("p");
    wrong.className = "uploads__wrong";
    wrong.textContent = sentence.replace(/^\u201c.*\u201d(\uff1a|: )/, ""); // its name stands above it
    one.item.append(wrong);
    say(sentence);
    if (!again) return;
    const retry = document.createElement("button");
    retry.type = "button";
    retry.className = "link";
    retry.textContent = words.again;
    retry.setAttribute("aria-label", `${words.again} ${one.file.name}`);
    retry.addEventListener("click", async () => {
      one.item.remove();
      await renew();
      enqueue([one.file]);
    });
    one.item.append(retry);
  };

  // After a new sign-in in another window the old token counts no more: the page is asked for a new one.
  const renew = async () => {
    try {
      const page = new DOMParser().parseFromString(await (await fetch(form.action)).text(), "text/html");
      const token = page.querySelector("[data-upload] [name=csrf_token]")?.value;
      if (token) document.querySelectorAll("main [name=csrf_token]").forEach((field) => { field.value = token; });
    } catch { /* the upload that follows says that the network is cut */ }
  };

  // The answer is the page that the form alone would show: its list of files and its refusals are taken over.
  const take = (one, answer) => {
    const page = new DOMParser().parseFromString(answer.responseText, "text/html");
    const files = page.getElementById("files");
    if (!files) return answer.status === 413 ? fail(one, words.tooLarge, false) : fail(one, words.lost, true);
    document.getElementById("files").replaceWith(document.adoptNode(files));
    const others = page.getElementById("others");
    if (others) document.getElementById("others")?.replaceWith(document.adoptNode(others));
    const refused = page.querySelector("[data-refused] li")?.textContent;
    if (refused) return fail(one, refused, answer.status >= 500);
    one.bar.remove();
    one.state.textContent = `✓ ${words.done}`;
    say(`${one.file.name} ${words.done}`);
  };

  const send = (one) => new Promise((done) => {
    const post = new XMLHttpRequest(), data = new FormData();
    data.append("csrf_token", form.querySelector("input[name=csrf_token]").value);
    data.append("files", one.file);
    post.open("POST", form.action);
    post.upload.addEventListener("progress", (event) => {
      const percent = Math.floor((100 * event.loaded) / event.total);
      one.bar.value = percent;
      one.state.textContent = percent < 100 ? `${words.going} ${percent}%` : words.checking;
    });
    post.addEventListener("load", () => { take(one, post); done(); });
    for (const cut of ["error", "abort", "timeout"]) post.addEventListener(cut, () => { fail(one, words.cut, true); done(); });
    one.state.textContent = words.going;
    post.send(data);
  });

  const work = async () => {
    if (going) return;
    going = true;
    while (waiting.length) await send(waiting.shift());
    going = false;
  };

  const enqueue = (files) => {
    for (const file of files) {
      const one = line(file);
      if (file.size > Number(words.most)) {
        fail(one, words.tooLarge, false);
      } else {
        one.state.textContent = words.wait;
        waiting.push(one);
      }
    }
    work();
  };

  if (form) {
    form.classList.add("upload--lively");
    form.addEventListener("change", (event) => {
      if (event.target.type !== "file") return;
      enqueue([...event.target.files]);
      event.target.value = "";
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    window.addEventListener("beforeunload", (event) => { if (going) event.preventDefault(); });
  }
}
