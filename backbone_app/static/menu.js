/* Menus are <details class="menu">: Escape, a click or the focus elsewhere closes them, one is open at a time. */
(() => {
  'use strict';

  const openMenus = () => document.querySelectorAll('.menu[open]');

  document.addEventListener('click', (click) => {
    for (const menu of openMenus()) {
      const inside = menu.contains(click.target);
      if (!inside || click.target.closest('.menu-item')) menu.open = false;
    }
  });

  document.addEventListener('focusin', ({ target }) => {
    for (const menu of openMenus()) {
      if (!menu.contains(target)) menu.open = false;
    }
  });

  document.addEventListener('keydown', (press) => {
    if (press.key !== 'Escape') return;
    for (const menu of openMenus()) {
      menu.open = false;
      menu.querySelector('summary').focus();
    }
  });
})();
