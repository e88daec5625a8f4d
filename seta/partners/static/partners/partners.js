// What the pages do beside their forms: the week as it is typed, and a photo that is too big told before it leaves.
"use strict";
const listing = document.getElementById("listing");
if (listing) {
  const week = document.getElementById("week");
  const isHours = (name) => /^(d\d_|hours_)/.test(name);
  let asked = 0;
  const show = async () => {
    const mine = ++asked;
    const sent = new URLSearchParams([...new FormData(listing)].filter(([name]) => isHours(name)));
    const answer = await fetch(`${listing.dataset.hours}?${sent}`);
    if (answer.ok && mine === asked) week.innerHTML = await answer.text();
  };
  let timer;
  listing.addEventListener("input", (event) => {
    if (!isHours(event.target.name)) return;
    if (event.target.type !== "radio") {
      const by = event.target.name === "hours_text" ? "text" : "week";
      listing.querySelector(`[name=hours_by][value=${by}]`).checked = true;
    }
    clearTimeout(timer);
    timer = setTimeout(show, 250);
  });
}
for (const form of document.querySelectorAll("form[data-bytes]")) {
  const file = form.querySelector("[type=file]");
  file.addEventListener("change", () => {
    const big = file.files[0] && file.files[0].size > Number(form.dataset.bytes);
    file.setCustomValidity(big ? form.dataset.big : "");
    file.reportValidity();
  });
}
