-- Whether a rule is in force. A part of the routing statements.
--   in   rule, rules_of  date
--   out  one condition
(rule.valid_from <= %(rules_of)s::date AND (rule.valid_to IS NULL OR rule.valid_to > %(rules_of)s::date))
