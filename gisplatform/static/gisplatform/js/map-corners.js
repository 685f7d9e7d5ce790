/** The corners of a drawing, dragged with the mouse or a finger. */

const REACH_PX = { mousedown: 6, touchstart: 16 }; // a finger is broad
const NEXT = { mousedown: ["mousemove", "mouseup"], touchstart: ["touchmove", "touchend"] };

/**
 * `points()` are the corners, `[lon, lat]`; `moved(number, [lon, lat])` is told while corner `number` is dragged, `left()`
 * once it is let go. Answers `{ dragging, stop }`.
 */
export function draggedCorners(map, { points, moved, left }) {
  let number = null;
  let letGo = () => {};

  function take(event) {
    if (event.points?.length > 1) return; // two fingers move the map
    const hit = cornerAt(map, points(), event.point, REACH_PX[event.type]);
    if (hit === null) return;
    event.preventDefault(); // the map stays where it is
    number = hit;
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

/** The nearest in reach. Computed rather than asked of the picture, which is drawn a moment after the corners are known. */
function cornerAt(map, points, { x, y }, reach) {
  let nearest = null;
  let least = reach;
  for (const [number, point] of points.entries()) {
    const drawn = map.project(point);
    const away = Math.hypot(drawn.x - x, drawn.y - y);
    if (away > least) continue;
    least = away;
    nearest = number;
  }
  return nearest;
}
