// The form to write a training down: choosing a title says what the catalogue fills in.
// Without this file the same is filled in when the form is sent.
(() => {
  "use strict";
  const title = document.querySelector("#field-title[list=courses]");
  const says = document.querySelector("[data-training-says]");
  if (!title || !says) return;
  const hint = says.textContent;
  const show = () => {
    const course = [...document.querySelectorAll("#courses option")].find((o) => o.value === title.value.trim());
    for (const [id, value] of [["field-hours", course?.dataset.hours], ["field-cost", course?.dataset.fee]]) {
      const field = document.getElementById(id);
      if (field) field.placeholder = value || "";
    }
    says.textContent = course?.dataset.skills ? says.dataset.words + course.dataset.skills : hint;
  };
  title.addEventListener("input", show);
  show();
})();
