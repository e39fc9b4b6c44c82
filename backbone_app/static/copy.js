/* A <button class="copy" data-from="ID"> copies the text of that field; what cannot be copied is selected. */
(() => {
  'use strict';

  // The old way first: the new one asks for a leave that Jira's frame does not have, and complains aloud.
  const copied = async (text) => {
    if (document.execCommand('copy')) return true;
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return false;
    }
  };

  document.addEventListener('click', async (click) => {
    const button = click.target.closest('button.copy');
    if (!button) return;
    const field = document.getElementById(button.dataset.from);
    field.focus();
    field.select();
    const said = (await copied(field.value)) ? 'Copied' : 'Press Ctrl+C';
    const before = button.textContent;
    button.textContent = said;
    setTimeout(() => { button.textContent = before; }, 3000);
  });
})();
