/** The corners of a drawing, dragged with the mouse or a finger. */

const REACH_PX = { mousedown: 6, touchstart: 16 }; // a finger is broad
const NEXT = { mousedown: ["mousemove", "mouseup"], touchstart: ["touchmove", "touchend"] };
const LAYER = "sketch-corners";

/** `moved(number, [lon, lat])` while corner `number` is dragged, `left()` once it is let go. Answers `{ dragging, stop }`. */
export function draggedCorners(map, { moved, left }) {
  let number = null;
  let letGo = () => {};

  function take(event) {
    if (event.points?.length > 1) return; // two fingers move the map
    const hit = cornerAt(map, event.point, REACH_PX[event.type]);
    if (!hit) return;
    event.preventDefault(); // the map stays where it is
    number = hit.properties.corner;
    let went = false;
    const [moves, ends] = NEXT[event.type];
    const follow = ({ lngLat }) => {
      went = true;
      moved(number, [lngLat.lng, lngLat.lat]);
    };
    letGo = () => {
      map.off(moves, follow);
      map.off(ends, letGo);
      number = null;
      letGo = () => {};
      if (went) left();
    };
    map.on(moves, follow);
    map.on(ends, letGo);
  }

  for (const begins of Object.keys(NEXT)) map.on(begins, take);
  return {
    dragging: () => number !== null,
    stop: () => {
      letGo();
      for (const begins of Object.keys(NEXT)) map.off(begins, take);
    },
  };
}

function cornerAt(map, { x, y }, reach) {
  const box = [
    [x - reach, y - reach],
    [x + reach, y + reach],
  ];
  return map.queryRenderedFeatures(box, { layers: [LAYER] })[0];
}
