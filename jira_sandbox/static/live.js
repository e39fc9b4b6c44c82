// Tells that a work item has changed since its page was loaded; nothing is reloaded under the person's hands.
(() => {
  'use strict';
  const { item, stamp } = document.getElementById('changed').dataset;
  const look = async () => {
    if (document.hidden) return;
    const answer = await fetch(`/_host/updated?item=${encodeURIComponent(item)}`);
    if (!answer.ok || (await answer.text()) === stamp) return;
    document.getElementById('changed').hidden = false;
    clearInterval(timer);
  };
  const timer = setInterval(look, 2000);
})();
