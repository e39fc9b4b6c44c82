// A small stand-in for Atlassian's all.js: what an app's page finds as `AP` inside the little Jira.
//
// Outside a host `AP` exists, but `AP.context`, `AP.flag` and `AP.theming` do not, as with the real one. The host's
// origin comes in `window.name`, which stays while the page navigates within its iframe.
(() => {
  'use strict';
  const AP = { _data: { options: {} }, resize: () => {} };
  window.AP = AP;

  const origin = (() => {
    try {
      return JSON.parse(window.name).origin;
    } catch {
      return undefined;
    }
  })();
  if (window.parent === window || !origin) return;

  const source = document.currentScript.src;
  const waiting = new Map();
  const listeners = { theme: [], 'workflow.save': [] };
  let last = 0;

  const ask = (call, ...args) =>
    new Promise((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve, reject });
      window.parent.postMessage({ bridge: 'sandbox', id: last, call, args }, origin);
    });

  window.addEventListener('message', ({ data, origin: from, source: sender }) => {
    if (sender !== window.parent || from !== origin || data?.bridge !== 'sandbox') return;
    if (data.event) return listeners[data.event]?.forEach((tell) => tell(data.value));
    const { resolve, reject } = waiting.get(data.id) ?? {};
    waiting.delete(data.id);
    if (data.error === undefined) resolve?.(data.value);
    else reject?.(new Error(data.error));
  });

  // As with the real bridge a callback hears `undefined` when the host fails, while a promise is rejected.
  const askFor = (call) => (callback) => {
    const answer = ask(call);
    if (callback) answer.then(callback, () => callback(undefined));
    return answer;
  };

  const paint = (mode) => {
    const page = document.documentElement;
    page.dataset.theme = 'light:light dark:dark';
    page.dataset.colorMode = mode;
  };

  AP.context = { getToken: askFor('context.getToken'), getContext: askFor('context.getContext') };
  // The page of a post function says what to store, and whether it may be stored, when the host's button is pressed.
  const workflow = { save: () => '', validate: () => true };
  listeners['workflow.save'].push(() => {
    const isValid = workflow.validate() !== false;
    void ask('workflow.saved', isValid, isValid ? String(workflow.save()) : '');
  });
  AP.jira = {
    WorkflowConfiguration: {
      onSave: (give) => (workflow.save = give),
      onSaveValidation: (check) => (workflow.validate = check),
      trigger: () => ({ valid: workflow.validate() !== false, value: workflow.save() }),
    },
  };
  AP.resize = (width, height) => void ask('resize', width, height);
  AP.flag = { create: ({ title, body, type, close }) => void ask('flag.create', { title, body, type, close }) };
  AP.theming = {
    initializeTheming: async () => {
      const sheet = document.createElement('link');
      sheet.rel = 'stylesheet';
      sheet.href = new URL('tokens.css', source).href;
      document.head.append(sheet);
      listeners.theme.push(paint);
      paint(await ask('theming.get'));
    },
  };

  // The iframe follows the height of #content or .ac-content, larger and smaller; of the body where neither is.
  let told = 0;
  const tellHeight = () => {
    const content = document.querySelector('#content, .ac-content') ?? document.body;
    const { paddingBottom, marginBottom } = getComputedStyle(document.body);
    const below = Number.parseFloat(paddingBottom) + Number.parseFloat(marginBottom);
    const height = Math.ceil(content.getBoundingClientRect().bottom + window.scrollY + below);
    if (height !== told) {
      told = height;
      AP.resize('100%', `${height}px`);
    }
  };
  document.addEventListener('DOMContentLoaded', () => {
    new ResizeObserver(tellHeight).observe(document.body);
    tellHeight();
  });
})();
