/* Facts and values to pick from: found by typing, written at the caret of the criteria that were worked on last. */
(function () {
  "use strict";
  const picker = document.getElementById("picker");
  const search = document.getElementById("picker-search");
  const into = document.getElementById("picker-into");
  let last = null;

  function criteria() { return [...document.querySelectorAll("textarea.criteria")].filter(function (one) { return !one.closest(".empty-form"); }); }
  function field() { return last && last.isConnected ? last : criteria()[0]; }
  function nameOf(one) { return one.closest(".card")?.querySelector(".card-name").textContent || "this page"; }

  document.addEventListener("focusin", function (event) {
    if (!event.target.matches("textarea.criteria")) return;
    last = event.target;
    into.textContent = "Goes into the criteria of " + nameOf(last) + ". Esc leads back there.";
  });

  /* From a field to the list: Ctrl and the space bar; back with Esc. */
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey && event.key === " " && event.target.matches("textarea.criteria")) {
      event.preventDefault();
      picker.open = true;
      search.focus();
      search.select();
    } else if (event.key === "Escape" && picker.contains(event.target) && field()) {
      event.preventDefault();
      field().focus();
    } else if (event.key === "Enter" && picker.contains(event.target) && event.target.matches("input, select")) {
      event.preventDefault();
      if (event.target === search) first(); else insert(event.target.closest(".fact"));
    }
  });

  /* Whether a word, or a part of a code, begins so: "age" finds age, not t_stage. */
  function begins(words, wanted) {
    return (" " + words + " " + words.replace(/[^a-z0-9 ]/g, " ")).includes(" " + wanted);
  }

  /* The list narrows as one types: a fact whose own words match shows all its values. */
  function narrow() {
    const wanted = search.value.trim().toLowerCase();
    let shown = 0;
    picker.querySelectorAll(".fact").forEach(function (fact) {
      const hit = begins(fact.dataset.words, wanted);
      const own = begins((fact.dataset.fact + " " + fact.dataset.label).toLowerCase(), wanted);
      fact.hidden = !hit;
      fact.open = Boolean(wanted) && hit;
      fact.querySelectorAll("li").forEach(function (value) { value.hidden = !own && !begins(value.dataset.words, wanted); });
      shown += hit;
    });
    picker.querySelectorAll(".picker-section").forEach(function (section) {
      section.hidden = !section.querySelector(".fact:not([hidden])");
    });
    picker.querySelector(".picker-none").hidden = shown > 0;
    if (wanted) window.editing.say(shown === 1 ? "1 fact" : shown + " facts");
  }
  search.addEventListener("input", narrow);

  function first() {
    const fact = picker.querySelector(".fact:not([hidden])");
    if (!fact) return;
    fact.open = true;
    fact.querySelector("li:not([hidden]) input, .fact-insert input").focus();
  }

  /* What was picked, as a condition; blank when nothing was. */
  function condition(fact) {
    const code = fact.dataset.fact;
    const joined = fact.querySelector("select").value;
    const number = fact.querySelector("input[type=number]");
    if (number) return number.value && number.validity.valid ? code + " " + joined + " " + number.value : "";
    const values = [...fact.querySelectorAll("input:checked")].map(function (one) { return one.value; });
    if (values.length === 1) return code + (joined ? " is not " : " is ") + values[0];
    return values.length ? code + (joined ? " not in (" : " in (") + values.join(", ") + ")" : "";
  }

  /* With "and" where two conditions would touch, so that what was inserted reads. */
  function fitted(text, before, after) {
    const opens = /(^|\(|\b(?:and|or|not))\s*$/.test(before);
    const ends = /^\s*($|\)|(?:and|or)\b)/.test(after);
    const left = (before === "" || /[\s(]$/.test(before) ? "" : " ") + (opens ? "" : "and ");
    return left + text + (ends ? "" : " and") + (after === "" || /^[\s)]/.test(after) ? "" : " ");
  }

  function insert(fact) {
    const target = field();
    const text = condition(fact);
    const fault = fact.querySelector(".fact-fault");
    fault.hidden = Boolean(text && target);
    if (!text || !target) {
      fault.textContent = !target ? "There is no criteria field yet." : fact.querySelector("input[type=number]") ? "Give a number within the range." : "Choose a value first.";
      return;
    }
    if (target !== last) target.setSelectionRange(target.value.length, target.value.length);
    const before = target.value.slice(0, target.selectionStart);
    const after = target.value.slice(target.selectionEnd);
    window.editing.write(target, fitted(text, before, after));
    fact.querySelectorAll("input:checked").forEach(function (one) { one.checked = false; });
    window.editing.say(text + " inserted into the criteria of " + nameOf(target) + ".");
    if (!matchMedia("(min-width: 1200px)").matches) picker.open = false;
  }

  picker.addEventListener("click", function (event) {
    const button = event.target.closest("[data-insert]");
    if (button) insert(button.closest(".fact"));
  });
}());
