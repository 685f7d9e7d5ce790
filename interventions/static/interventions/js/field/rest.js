/** The rest of a capture: photos, words, nature. Everything typed is kept as it is typed. */

import { reduced } from "#interventions/field/photos";
import { piece, word } from "#interventions/field/words";

/** `rest(root, { changed, saved })`. Answers `{ fill(draft), read() }`. */
export function rest(root, { changed, saved }) {
  const form = root.querySelector("[data-step=rest]");
  const list = form.querySelector("[data-photos]");
  const input = form.querySelector("[data-photo-input]");
  const error = form.querySelector("[data-photo-error]");
  const limits = { atMost: Number(root.dataset.photosAtMost), pixelsAtMost: Number(root.dataset.photoPixelsAtMost) };
  let photos = [];

  input.addEventListener("change", async () => {
    const files = [...input.files];
    input.value = "";
    error.textContent = "";
    for (const file of files) await take(file);
    changed();
  });
  form.addEventListener("input", () => {
    hint();
    changed();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    saved();
  });

  async function take(file) {
    if (photos.length >= limits.atMost) {
      error.textContent = word("photoMany", limits.atMost);
      return;
    }
    try {
      photos.push(await reduced(file, limits));
    } catch (refusal) {
      const sentence = { large: "photoLarge", heavy: "photoHeavy", bad: "photoBad" }[refusal.message];
      if (!sentence) throw refusal;
      error.textContent = word(sentence);
    }
    draw();
  }

  function draw() {
    for (const image of list.querySelectorAll("img")) URL.revokeObjectURL(image.src);
    list.replaceChildren(
      ...photos.map((photo) => {
        const row = piece("photoRow");
        row.querySelector("img").src = URL.createObjectURL(photo.blob);
        row.querySelector("[data-remove]").addEventListener("click", () => {
          photos = photos.filter((each) => each !== photo);
          draw();
          changed();
          input.focus();
        });
        return row;
      }),
    );
  }

  function hint() {
    form.querySelector("[data-suggestion-hint]").hidden = form.elements.nature.value !== "suggestion";
  }

  function fill({ photos: before = [], description = "", nature, sentence = "" } = {}) {
    photos = [...before];
    form.elements.description.value = description;
    form.elements.nature.value = nature ?? form.querySelector("[name=nature]").value;
    error.textContent = "";
    form.querySelector("[data-refusal]").hidden = !sentence;
    form.querySelector("[data-refusal-text]").textContent = sentence;
    draw();
    hint();
  }

  return {
    fill,
    read: () => ({ photos, description: form.elements.description.value, nature: form.elements.nature.value }),
  };
}
