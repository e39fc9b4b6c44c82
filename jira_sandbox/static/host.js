// The host of an app's page: answers what the page in the iframe asks for, and nobody else.
//
// A message is {bridge: 'sandbox', id, call, args}; the answer {bridge: 'sandbox', id, value} or {…, error}.
// Loaded before the iframe, so that no question comes too early.
(() => {
  'use strict';
  const frames = () => [...document.querySelectorAll('iframe.app')];
  const darkness = window.matchMedia('(prefers-color-scheme: dark)');

  const colorMode = () => {
    const chosen = document.documentElement.dataset.colorMode;
    if (chosen !== 'auto') return chosen;
    return darkness.matches ? 'dark' : 'light';
  };

  const post = (frame, message) =>
    frame.contentWindow.postMessage({ bridge: 'sandbox', ...message }, frame.dataset.origin);

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
    'context.getToken': async ({ dataset }) => {
      const where = new URLSearchParams({
        space: dataset.spaceId ?? '',
        item: dataset.itemId ?? '',
        site: String(dataset.spaceId === undefined),
      });
      const answer = await fetch(`/_host/token?${where}`);
      if (!answer.ok) throw new Error(`no token: ${answer.status}`);
      return answer.text();
    },
    'context.getContext': ({ dataset }) => ({
      jira: {
        ...(dataset.spaceId && { project: { id: dataset.spaceId, key: dataset.spaceKey } }),
        ...(dataset.itemId && { issue: { id: dataset.itemId, key: dataset.itemKey } }),
      },
    }),
    'flag.create': (_frame, options) => toast(options),
    resize: (frame, _width, height) => {
      const pixels = Number.parseInt(height, 10);
      if (pixels > 0) frame.style.height = `${pixels}px`;
    },
    'theming.get': () => colorMode(),
    'workflow.saved': (_frame, isValid, configuration) => {
      const form = document.getElementById('function');
      if (!isValid || form === null) return;
      form.elements.configuration.value = configuration;
      form.submit();
    },
  };

  window.addEventListener('message', async ({ data, origin, source }) => {
    // Other windows may post here too: only the app's own pages are answered, and only at their own origin.
    const frame = frames().find((each) => each.contentWindow === source);
    if (frame === undefined || origin !== frame.dataset.origin) return;
    if (data?.bridge !== 'sandbox' || !Object.hasOwn(calls, data.call)) return;
    try {
      post(frame, { id: data.id, value: await calls[data.call](frame, ...data.args) });
    } catch (error) {
      post(frame, { id: data.id, error: error.message });
    }
  });
  document.addEventListener('submit', (submission) => {
    if (submission.target.id !== 'function') return;
    submission.preventDefault();
    for (const frame of frames()) post(frame, { event: 'workflow.save' });
  });
  darkness.addEventListener('change', () => {
    for (const frame of frames()) post(frame, { event: 'theme', value: colorMode() });
  });
})();
