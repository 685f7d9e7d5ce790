/** The small map of the tracking page: a pin at the place. All it needs is fetched once it comes into sight. */

const box = document.querySelector("[data-tracking-map]");
const MARGIN = "160px";

if (box) {
  const watching = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      watching.disconnect();
      draw(box);
    },
    { rootMargin: MARGIN },
  );
  watching.observe(box);
}

async function draw(element) {
  const { openMap, showPin } = await import("#gisplatform/map");
  const { lon, lat } = element.dataset;
  element.append(element.querySelector("template").content.cloneNode(true));
  const map = await openMap(element.querySelector("[data-map]"));
  showPin(map, { lon: Number(lon), lat: Number(lat) });
}
