// The host of an app's page: answers what the page in the iframe asks for, and nobody else.
//
// A message is {bridge: 'sandbox', id, call, args}; the answer {bridge: 'sandbox', id, value} or {…, error}.
// Loaded before the iframe, so that no question comes too early.
(() => {
  'use strict';
  const frame = () => document.getElementById('app');
  const darkness = window.matchMedia('(prefers-color-scheme: dark)');

  const colorMode = () => {
    const chosen = document.documentElement.dataset.colorMode;
    if (chosen !== 'auto') return chosen;
    return darkness.matches ? 'dark' : 'light';
  };

  const post = (message) =>
    frame().contentWindow.postMessage({ bridge: 'sandbox', ...message }, frame().dataset.origin);

  const toast = ({ title = '', body = '', type = 'info', close = 'manual' }) => {
    const box = document.createElement('div');
    box.className = `toast toast--${['success', 'warning', 'error'].includes(type) ? type : 'info'}`;
    const text = document.createElement('div');
    const heading = document.createElement('strong');
    heading.textContent = title;
    const words = document.createElement('p');
    words.textContent = body;
    text.append(heading, words);
    const dismiss = document.createElement('button');
    dismiss.type = 'button';
    dismiss.textContent = '×';
    dismiss.setAttribute('aria-label', 'Dismiss');
    dismiss.addEventListener('click', () => box.remove());
    box.append(text, dismiss);
    document.getElementById('toasts').append(box);
    if (close === 'auto') setTimeout(() => box.remove(), 8000);
  };

  const calls = {
    'context.getToken': async () => {
      const answer = await fetch(`/_host/token?space=${encodeURIComponent(frame().dataset.spaceId)}`);
      if (!answer.ok) throw new Error(`no token: ${answer.status}`);
      return answer.text();
    },
    'context.getContext': () => ({
      jira: { project: { id: frame().dataset.spaceId, key: frame().dataset.spaceKey } },
    }),
    'flag.create': (options) => toast(options),
    resize: (_width, height) => {
      const pixels = Number.parseInt(height, 10);
      if (pixels > 0) frame().style.height = `${pixels}px`;
    },
    'theming.get': colorMode,
  };

  window.addEventListener('message', async ({ data, origin, source }) => {
    // Other windows may post here too: only the app's own page is answered, and only at its own origin.
    if (source !== frame()?.contentWindow || origin !== frame().dataset.origin) return;
    if (data?.bridge !== 'sandbox' || !Object.hasOwn(calls, data.call)) return;
    try {
      post({ id: data.id, value: await calls[data.call](...data.args) });
    } catch (error) {
      post({ id: data.id, error: error.message });
    }
  });
  darkness.addEventListener('change', () => post({ event: 'theme', value: colorMode() }));
})();
