/** What every page of the staff does: keys, menus, dates that stay true. */

import { menus, openers } from "#gisplatform/menu";
import { listen } from "#gisplatform/shortcuts";
import { keepTrue } from "#gisplatform/time";

listen();
menus();
openers();
keepTrue();
