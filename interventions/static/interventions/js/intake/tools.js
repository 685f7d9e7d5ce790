/** The tools on the map: what a click draws, and a drawing under way with its size and what can be done with it. */

import { drawShape } from "#gisplatform/map";
import { measured, pointsOf } from "#gisplatform/map-sketch";
import { areaInWords, lengthInWords } from "#gisplatform/measures";

const TOOL_OF = { Point: "point", LineString: "line", Polygon: "area" };

/**
 * `tools(bar, { whenReady, drawn, sketching })`: `drawn(geometry)` hears of each line or area finished,
 * `sketching(true or false)` when one begins and ends. Gives `{ chosen, shown }`: the tool in hand, and `shown(geometry)`
 * to say which place there is now.
 */
export function tools(bar, { whenReady, drawn, sketching }) {
  const part = (name) => bar.querySelector(`[data-drawing-${name}]`);
  const words = bar.dataset;
  let place = null;
  let sketch = null;

  const chosen = () => bar.querySelector("input:checked").value;
  const choose = (tool) => {
    bar.querySelector(`input[value="${tool}"]`).checked = true;
  };
  const toolOf = (geometry) => TOOL_OF[geometry?.type] ?? "point";

  function begin(tool, points = []) {
    sketch?.remove();
    sketching(true);
    whenReady((opened) => {
      if (chosen() !== tool) return;
      sketch = drawShape(opened, { type: tool, points, onChange: stepped, onPointer: size });
      bar.dataset.drawing = "under-way";
      size({ points: points.length, lengthM: 0, areaM2: 0, valid: false });
      if (points.length) stepped(null, { finished: false, ...measured(tool, points) });
    });
  }

  function stepped(geometry, { finished, ...measure }) {
    size(measure);
    part("crossed").hidden = chosen() !== "area" || measure.points < 4 || measure.valid;
    part("status").textContent = part("size").textContent;
    if (!finished) return;
    end();
    if (geometry) drawn(geometry);
    else shown(place);
  }

  function size({ points, lengthM, areaM2, valid }) {
    const length = lengthInWords(lengthM);
    const large = areaM2 ? `${areaInWords(areaM2)} · ${words.around.replace("{length}", length)}` : length;
    part("size").textContent = points === 0 ? words.begin : large;
    part("undo").disabled = points === 0;
    part("finish").disabled = !valid;
  }

  function end() {
    sketch?.remove();
    sketch = null;
    sketching(false);
    delete bar.dataset.drawing;
  }

  function shown(geometry) {
    place = geometry;
    if (sketch) end();
    const tool = toolOf(geometry);
    choose(tool);
    if (tool === "point") return;
    bar.dataset.drawing = "finished";
    size({ ...measured(tool, pointsOf(geometry)), valid: true });
  }

  bar.addEventListener("change", ({ target }) => {
    end();
    if (target.value !== "point") begin(target.value);
  });
  part("undo").addEventListener("click", () => sketch?.undo());
  part("finish").addEventListener("click", () => sketch?.finish());
  part("give-up").addEventListener("click", () => sketch?.giveUp());
  part("edit").addEventListener("click", () => begin(chosen(), pointsOf(place)));
  part("again").addEventListener("click", () => begin(chosen()));
  return { chosen, shown };
}
