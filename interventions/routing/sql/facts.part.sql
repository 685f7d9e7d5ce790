-- What a trace says of a rule: the inside of a JSON object, as text. A part of the routing statements.
--   in   department, authority, rule, layer, and number, that of the layer's version
--   out  one expression
concat(
    '"department": ', json_build_object('code', department.code, 'name', department.name),
    ', "authority": ', json_build_object('code', authority.code, 'name', authority.name),
    ', "rule": ', json_build_object('code', rule.code, 'name', rule.name, 'priority', rule.priority),
    ', "layer": ', json_build_object('code', layer.code, 'name', layer.name, 'version', number)
)
