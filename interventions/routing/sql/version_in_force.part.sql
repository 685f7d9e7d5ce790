-- Whether the rules look at a version of a layer. A part of the routing statements.
--   in   version, rules_of  date
--   out  one condition
(version.status IN ('published', 'superseded') AND version.valid_from <= %(rules_of)s::date
 AND (version.valid_to IS NULL OR version.valid_to > %(rules_of)s::date))
