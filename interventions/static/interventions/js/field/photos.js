/** Photos of a capture: turned upright and reduced here, so that they leave quickly; what is no photo is said at once. */

const LONGEST_SIDE_PX = 2048;
const HEAVIEST = 20 * 1024 * 1024;
const QUALITY = 0.85;
const HEIC = /^ftyp(heic|heix|hevc|heim|heis|mif1|msf1)/;

/**
 * The photo as it will be sent, `{ blob, name }`; rejects with a word: "large", "heavy" or "bad". A HEIC that this
 * browser cannot draw goes as it is: the server can.
 */
export async function reduced(file, { pixelsAtMost }) {
  if (file.size > HEAVIEST) throw new Error("heavy");
  let image;
  try {
    image = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    if (await isHeic(file)) return { blob: file, name: file.name || "photo.heic" };
    throw new Error("bad");
  }
  try {
    if (image.width * image.height > pixelsAtMost) throw new Error("large");
    return { blob: await drawn(image), name: `${(file.name || "photo").replace(/\.[^.]*$/, "")}.jpg` };
  } finally {
    image.close();
  }
}

/** Width and height of what fits, the longest side at most `longest`. */
export function fitting(width, height, longest = LONGEST_SIDE_PX) {
  const scale = Math.min(1, longest / Math.max(width, height));
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
}

async function drawn(image) {
  const [width, height] = fitting(image.width, image.height);
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d").drawImage(image, 0, 0, width, height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("bad"))), "image/jpeg", QUALITY);
  });
}

async function isHeic(file) {
  const head = new Uint8Array(await file.slice(4, 12).arrayBuffer());
  return HEIC.test(String.fromCharCode(...head));
}
