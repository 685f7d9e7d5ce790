/** Sentences and pieces that stand in the page's templates. */

/** `word("here", 8)`: the sentence, with # replaced. */
export function word(name, value = "") {
  return (document.querySelector("template[data-words]").dataset[name] ?? "").replace("#", value);
}

/** A copy of `<template data-…-row>`'s first element: `piece("photoRow")`. */
export function piece(name) {
  const attribute = `data-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  return document.querySelector(`template[${attribute}]`).content.firstElementChild.cloneNode(true);
}
