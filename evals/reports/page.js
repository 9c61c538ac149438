// Filters the list of cases; the address after # says how, so that a link shows the same view.
'use strict';
document.documentElement.classList.add('js');

addEventListener('DOMContentLoaded', () => {
  const form = document.getElementById('filter');
  const count = document.getElementById('count');
  const cases = [...document.querySelectorAll('details.case')].map((element) => ({
    element,
    outcome: element.dataset.outcome,
    answerable: element.dataset.answerable,
    tags: [...element.querySelectorAll('summary .tag')].map((tag) => tag.textContent),
    text: [...element.querySelectorAll('.found-by')].map((part) => part.textContent).join('\n').toLowerCase(),
  }));

  function show() {
    const { text, only, tag, answerable } = state();
    const wanted = text.trim().toLowerCase();
    let shown = 0;
    for (const item of cases) {
      const fits =
        (!only || item.outcome === only) &&
        (!tag || item.tags.includes(tag)) &&
        (!answerable || item.answerable === answerable) &&
        (!wanted || item.text.includes(wanted));
      item.element.hidden = !fits;
      shown += fits;
    }
    const all = cases.length.toLocaleString('en');
    count.textContent =
      (shown === cases.length ? all : `${shown.toLocaleString('en')} of ${all}`) + (cases.length === 1 ? ' case' : ' cases');
  }

  function state() {
    const { text, only, tag, answerable } = form.elements;
    return { only: only.value, tag: tag.value, answerable: answerable.value, text: text.value };
  }

  function set(control, value) {
    if (control instanceof RadioNodeList) {
      const radio = [...control].find((choice) => choice.value === value) ?? control[0];
      radio.checked = true;
    } else {
      control.value = value;
      if (control.selectedIndex === -1) control.value = '';
    }
  }

  function write() {
    const set = Object.entries(state()).filter(([, value]) => value);
    history.replaceState(null, '', set.length ? `#${new URLSearchParams(set)}` : '#cases');
    show();
  }

  function read() {
    const hash = location.hash.slice(1);
    const stated = new URLSearchParams(hash.includes('=') ? hash : '');
    for (const name of ['only', 'tag', 'answerable', 'text']) {
      set(form.elements[name], stated.get(name) ?? '');
    }
    show();
    const target = document.getElementById(hash.includes('=') ? 'cases' : hash);
    if (target?.matches('details.case')) target.open = true;
    target?.scrollIntoView();
  }

  form.addEventListener('input', write);
  form.addEventListener('submit', (event) => event.preventDefault());
  addEventListener('hashchange', read);
  if (location.hash) read();
  else show();

  // Paper cannot be unfolded: it gets in full what is not right.
  let opened = [];
  addEventListener('beforeprint', () => {
    const folded = '#cases details.case:not([hidden]):not([data-outcome=right])';
    opened = [...document.querySelectorAll(`${folded}:not([open]), ${folded} details:not([open])`)];
    for (const element of opened) element.open = true;
  });
  addEventListener('afterprint', () => {
    for (const element of opened) element.open = false;
  });
});
