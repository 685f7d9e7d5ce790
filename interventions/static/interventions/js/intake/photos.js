/** Photos go to the server as soon as they are chosen, dropped or pasted: whatever happens next, they are there. */

import { getJson, postForm } from "#gisplatform/api";
import { clone } from "#interventions/intake/pieces";

/** `{ settled, load }`: `settled()` resolves when nothing is on its way any more, `load()` shows what came before. */
export function photos(form) {
  const field = form.querySelector("[data-photos]");
  const list = field.querySelector("[data-photo-list]");
  const error = field.querySelector("[data-photo-error]");
  const input = form.elements.photos;
  const url = form.dataset.photosUrl;
  const coming = new Set();

  async function send(file) {
    const place = clone(form, "coming");
    const body = new FormData();
    body.append("key", form.elements.key.value);
    body.append("photo", file);
    list.append(place);
    try {
      const photo = await postForm(url, body);
      if (known(photo)) place.remove();
      else place.replaceWith(drawn(photo));
    } catch (refusal) {
      place.remove();
      error.append(sentence(`${file.name} : ${refusal.message}`));
    }
  }

  function take(files) {
    error.replaceChildren();
    for (const file of files) {
      const sending = send(file).finally(() => coming.delete(sending));
      coming.add(sending);
    }
  }

  const known = (photo) => list.querySelector(`input[value="${photo.id}"]`);

  function drawn(photo) {
    const item = clone(form, "photo");
    const remove = item.querySelector("input");
    item.querySelector("img").src = photo.url;
    remove.value = photo.id;
    remove.dataset.removalUrl = photo.removal_url;
    return item;
  }

  list.addEventListener("change", async ({ target }) => {
    error.replaceChildren();
    try {
      await postForm(target.dataset.removalUrl, new FormData());
      target.closest("li").remove();
      input.focus();
    } catch (refusal) {
      target.checked = false;
      error.append(sentence(refusal.message));
    }
  });
  input.addEventListener("change", () => {
    take([...input.files]);
    input.value = "";
  });
  form.addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    form.dataset.dropping = "";
  });
  form.addEventListener("dragleave", (event) => {
    if (!form.contains(event.relatedTarget)) delete form.dataset.dropping;
  });
  form.addEventListener("drop", (event) => {
    delete form.dataset.dropping;
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    take([...event.dataTransfer.files]);
  });
  document.addEventListener("paste", (event) => {
    if (!event.clipboardData.files.length) return;
    event.preventDefault();
    take([...event.clipboardData.files]);
  });

  return {
    busy: () => coming.size > 0,
    settled: () => Promise.all(coming),
    load: async () => {
      const kept = await getJson(`${url}?${new URLSearchParams({ key: form.elements.key.value })}`);
      list.replaceChildren(...kept.photos.map(drawn));
    },
  };
}

function sentence(words) {
  const line = document.createElement("span");
  line.textContent = words;
  return line;
}
