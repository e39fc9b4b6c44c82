/* A <button class="copy" data-from="ID"> copies the text of that field; what cannot be copied is selected. */
(() => {
  'use strict';

  const copied = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return document.execCommand('copy'); // in a frame that may not write to the clipboard by itself
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
