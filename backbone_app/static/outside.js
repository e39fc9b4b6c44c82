/* Pages outside Jira follow the theme of whoever looks: there is no Jira around them that would tell. */
(() => {
  'use strict';

  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const follow = () => { document.documentElement.dataset.colorMode = dark.matches ? 'dark' : 'light'; };
  dark.addEventListener('change', follow);
  follow();
})();
