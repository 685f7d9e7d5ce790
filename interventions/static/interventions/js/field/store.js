/**
 * What this browser keeps (IndexedDB): captures that wait for the server, and the one being typed.
 *
 * A capture is `{ key, user, at, place, category, categoryName, nature, description, photos, state, sentence }`; its
 * photos are blobs, its key is the idempotency key it is sent with.
 */

const NAME = "gisplatform-field";
let opening;

function open() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("captures", { keyPath: "key" });
      request.result.createObjectStore("drafts", { keyPath: "user" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opening;
}

/** `act(store)` inside a transaction; resolves with its request's result once all of it is on the disk. */
async function inside(name, mode, act) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(name, mode, { durability: "strict" });
    const request = act(transaction.objectStore(name));
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onabort = () => reject(transaction.error);
    transaction.onerror = () => reject(transaction.error);
  });
}

export const captures = () => inside("captures", "readonly", (store) => store.getAll());
export const keep = (capture) => inside("captures", "readwrite", (store) => store.put(capture));
export const drop = (key) => inside("captures", "readwrite", (store) => store.delete(key));

export const draftOf = (user) => inside("drafts", "readonly", (store) => store.get(user));
export const keepDraft = (draft) => inside("drafts", "readwrite", (store) => store.put(draft));

/** In one step, so that a capture is never in both places, nor in none. */
export async function takeOver(capture, replaced) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(["captures", "drafts"], "readwrite", { durability: "strict" });
    if (replaced) transaction.objectStore("captures").delete(replaced);
    transaction.objectStore("captures").put(capture);
    transaction.objectStore("drafts").delete(capture.user);
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}
