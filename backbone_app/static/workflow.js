/*
 * The page of a post function in Jira's workflow editor. Its Save button is Jira's: when it is pressed,
 * Jira asks whether there is something to store, and what.
 */
(() => {
  'use strict';

  const field = () => document.getElementById('synchronization');

  const isChosen = () => {
    const select = field();
    if (select?.value) return true;
    document.getElementById('notice').textContent = select
      ? 'Choose a synchronization.'
      : 'There is nothing to store yet.';
    select?.setAttribute('aria-invalid', 'true');
    select?.focus();
    return false;
  };

  document.addEventListener('change', ({ target }) => {
    if (target !== field()) return;
    target.removeAttribute('aria-invalid');
    document.getElementById('notice').textContent = '';
  });

  const editor = window.AP?.jira?.WorkflowConfiguration;
  editor?.onSaveValidation(isChosen);
  editor?.onSave(() => JSON.stringify({ synchronization: field()?.value ?? '' }));
})();
