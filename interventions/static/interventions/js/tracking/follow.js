/** The tracking page follows what happens, and its hours stay true. */

import { keepTrue } from "#gisplatform/time";

keepTrue();
// Where nothing is followed, nothing of it is loaded.
if (document.body.dataset.live) import("#gisplatform/live");
