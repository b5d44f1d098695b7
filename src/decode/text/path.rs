//! JMESPath expressions over JSON values whose objects are in the order in which they are written.

use jmespath::ast::{Ast, KeyValuePair};
use jmespath::{Context, DEFAULT_RUNTIME, Expression, JmespathError, SearchResult, Variable, interpret};

use crate::decode::text::searched::{JmesValue, Searched};

/// Functions of objects whose result has an order.
const KEYS: &str = "keys";
const VALUES: &str = "values";
const MERGE: &str = "merge";

/// A compiled expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    expression: Expression<'static>,
}

impl Path {
    /// Compiles an expression; the error is what is wrong with it, as a phrase.
    pub fn parse(text: &str) -> Result<Self, String> {
        // The library negates an index without looking.
        if text.contains(&i32::MIN.to_string()) {
            return Err("an index is out of range".to_owned());
        }
        let first_line = |cause: String| cause.lines().next().unwrap_or_default().trim_end_matches(':').to_owned();
        let refused =
            |cause: JmespathError| format!("it is no JMESPath expression: {}", first_line(cause.reason.to_string()));
        let expression = jmespath::compile(text).map_err(refused)?;
        if has_order_in_function(expression.as_ast(), false) {
            return Err("it takes all members of objects inside an expression that begins with &".to_owned());
        }
        Ok(Self { expression })
    }

    /// The expression as it is written.
    pub fn text(&self) -> &str {
        self.expression.as_str()
    }

    /// What the expression finds. Nothing, where it fails.
    ///
    /// A list that it makes of each element of another one (`predictions[*].score`) has a null where an
    /// element has nothing to give. JMESPath itself leaves such elements out, and all that follow would
    /// move up to the labels of others.
    pub fn search(&self, searched: &Searched<'_>) -> JmesValue {
        let found = self.rows(searched, searched.root(), self.expression.as_ast());
        found.unwrap_or_else(|_| null())
    }

    /// Whether anything is there of what the expression looks at, whatever becomes of it.
    pub fn looks_at(&self, searched: &Searched<'_>) -> bool {
        self.finds(searched, searched.root(), self.expression.as_ast())
    }

    fn finds(&self, searched: &Searched<'_>, data: &JmesValue, node: &Ast) -> bool {
        match node {
            Ast::Comparison { lhs, rhs, .. } | Ast::And { lhs, rhs, .. } | Ast::Or { lhs, rhs, .. } => {
                self.finds(searched, data, lhs) || self.finds(searched, data, rhs)
            }
            Ast::Not { node, .. } => self.finds(searched, data, node),
            Ast::Function { args, .. } => args.iter().any(|argument| self.finds(searched, data, argument)),
            Ast::Projection { lhs, .. } => self.finds(searched, data, lhs),
            Ast::Literal { .. } => false,
            other => self.evaluate(searched, data, other).is_ok_and(|found| !found.is_null()),
        }
    }

    fn rows(&self, searched: &Searched<'_>, data: &JmesValue, node: &Ast) -> SearchResult {
        match node {
            Ast::Subexpr { lhs, rhs, .. } => self.rows(searched, &self.evaluate(searched, data, lhs)?, rhs),
            Ast::Projection { lhs, rhs, .. } if !matches!(**rhs, Ast::Condition { .. }) => {
                let list = self.evaluate(searched, data, lhs)?;
                let Some(elements) = list.as_array() else { return Ok(null()) };
                let each = elements.iter().map(|element| self.evaluate(searched, element, rhs));
                Ok(JmesValue::new(Variable::Array(each.collect::<Result<_, _>>()?)))
            }
            other => self.evaluate(searched, data, other),
        }
    }

    /// What a node finds in `data`, as JMESPath defines it, and in the order in which objects are written: the library
    /// knows them by the order of their keys' text. What has no order is left to it.
    fn evaluate(&self, searched: &Searched<'_>, data: &JmesValue, node: &Ast) -> SearchResult {
        let of = |data: &JmesValue, node: &Ast| self.evaluate(searched, data, node);
        let list = |elements| Ok(JmesValue::new(Variable::Array(elements)));
        match node {
            Ast::ObjectValues { node, .. } => {
                let object = of(data, node)?;
                if object.is_object() { list(values(searched, &object)) } else { Ok(null()) }
            }
            Ast::Subexpr { lhs, rhs, .. } => of(&of(data, lhs)?, rhs),
            Ast::Projection { lhs, rhs, .. } => {
                let found = of(data, lhs)?;
                let Some(elements) = found.as_array() else { return Ok(null()) };
                let each = elements.iter().map(|element| of(element, rhs));
                list(
                    each.filter(|found| !found.as_ref().is_ok_and(|found| found.is_null()))
                        .collect::<Result<_, _>>()?,
                )
            }
            Ast::MultiList { elements, .. } if !data.is_null() => {
                list(elements.iter().map(|element| of(data, element)).collect::<Result<_, _>>()?)
            }
            Ast::MultiHash { elements, .. } if !data.is_null() => {
                let member = |element: &KeyValuePair| Ok((element.key.clone(), of(data, &element.value)?));
                let members = elements.iter().map(member).collect::<Result<_, JmespathError>>()?;
                Ok(searched.object(last_of_each(members)))
            }
            Ast::Condition { predicate, then, .. } => {
                if of(data, predicate)?.is_truthy() {
                    of(data, then)
                } else {
                    Ok(null())
                }
            }
            Ast::Or { lhs, rhs, .. } => {
                let found = of(data, lhs)?;
                if found.is_truthy() { Ok(found) } else { of(data, rhs) }
            }
            Ast::And { lhs, rhs, .. } => {
                let found = of(data, lhs)?;
                if found.is_truthy() { of(data, rhs) } else { Ok(found) }
            }
            Ast::Function { offset, name, args } => {
                let args = args.iter().map(|argument| of(data, argument)).collect::<Result<Vec<_>, _>>()?;
                match (name.as_str(), &args[..]) {
                    (VALUES, [object]) if object.is_object() => list(values(searched, object)),
                    (KEYS, [object]) if object.is_object() => {
                        let keys = searched.keys(object).into_iter();
                        list(keys.map(|key| JmesValue::new(Variable::String(key))).collect())
                    }
                    (MERGE, objects) if objects.iter().all(|object| object.is_object()) => {
                        let members = objects.iter().flat_map(|object| members(searched, object));
                        Ok(searched.object(last_of_each(members.collect())))
                    }
                    _ => {
                        let literal = |value| Ast::Literal { offset: *offset, value };
                        let args = args.into_iter().map(literal).collect();
                        self.interpret(data, &Ast::Function { offset: *offset, name: name.clone(), args })
                    }
                }
            }
            Ast::Comparison { offset, comparator, lhs, rhs } => {
                let literal = |value| Box::new(Ast::Literal { offset: *offset, value });
                let (lhs, rhs) = (literal(of(data, lhs)?), literal(of(data, rhs)?));
                self.interpret(data, &Ast::Comparison { offset: *offset, comparator: comparator.clone(), lhs, rhs })
            }
            Ast::Not { offset, node } => {
                let node = Box::new(Ast::Literal { offset: *offset, value: of(data, node)? });
                self.interpret(data, &Ast::Not { offset: *offset, node })
            }
            Ast::Flatten { offset, node } => {
                let node = Box::new(Ast::Literal { offset: *offset, value: of(data, node)? });
                self.interpret(data, &Ast::Flatten { offset: *offset, node })
            }
            other => self.interpret(data, other),
        }
    }

    fn interpret(&self, data: &JmesValue, node: &Ast) -> SearchResult {
        interpret(data, node, &mut Context::new(self.expression.as_str(), &DEFAULT_RUNTIME))
    }
}

fn null() -> JmesValue {
    JmesValue::new(Variable::Null)
}

/// The members of an object in the order in which it is written.
fn members(searched: &Searched<'_>, object: &JmesValue) -> Vec<(String, JmesValue)> {
    let Some(members) = object.as_object() else { return Vec::new() };
    let keys = searched.keys(object).into_iter();
    keys.filter_map(|key| members.get(&key).cloned().map(|member| (key, member))).collect()
}

fn values(searched: &Searched<'_>, object: &JmesValue) -> Vec<JmesValue> {
    members(searched, object).into_iter().map(|(_, member)| member).collect()
}

/// The members with different keys: each at the place of the first one under its key, and with the value of the last.
fn last_of_each(members: Vec<(String, JmesValue)>) -> Vec<(String, JmesValue)> {
    let mut kept: Vec<(String, JmesValue)> = Vec::with_capacity(members.len());
    for (key, member) in members {
        match kept.iter_mut().find(|(other, _)| *other == key) {
            Some((_, value)) => *value = member,
            None => kept.push((key, member)),
        }
    }
    kept
}

/// Whether members of objects are taken in their order inside an expression that the library evaluates itself.
fn has_order_in_function(node: &Ast, is_inside: bool) -> bool {
    let any = |nodes: &[&Ast]| nodes.iter().any(|node| has_order_in_function(node, is_inside));
    match node {
        Ast::ObjectValues { node, .. } => is_inside || any(&[node]),
        Ast::Expref { ast, .. } => has_order_in_function(ast, true),
        Ast::Function { name, args, .. } => {
            is_inside && [KEYS, VALUES].contains(&name.as_str()) || any(&args.iter().collect::<Vec<_>>())
        }
        Ast::Subexpr { lhs, rhs, .. }
        | Ast::Projection { lhs, rhs, .. }
        | Ast::Or { lhs, rhs, .. }
        | Ast::And { lhs, rhs, .. }
        | Ast::Comparison { lhs, rhs, .. } => any(&[lhs, rhs]),
        Ast::Condition { predicate, then, .. } => any(&[predicate, then]),
        Ast::Not { node, .. } | Ast::Flatten { node, .. } => any(&[node]),
        Ast::MultiList { elements, .. } => any(&elements.iter().collect::<Vec<_>>()),
        Ast::MultiHash { elements, .. } => any(&elements.iter().map(|element| &element.value).collect::<Vec<_>>()),
        Ast::Identity { .. } | Ast::Literal { .. } | Ast::Index { .. } | Ast::Field { .. } | Ast::Slice { .. } => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::text::json::{Reader, Value};

    fn found(path: &str, text: &str) -> String {
        let mut tape = Vec::new();
        Reader::over(text).read(&mut tape).unwrap();
        let searched = Searched::of(Value::at(&tape, 0)).unwrap();
        searched.json(&Path::parse(path).unwrap().search(&searched))
    }

    #[test]
    fn members_of_objects_are_found_in_the_order_in_which_they_are_written() {
        let rows = r#"{"row_9":{"s":1,"b":"x"},"row_10":{"s":2,"b":"y"},"row_1":{"s":3.0,"b":"z"}}"#;
        let cases = [
            ("*.s", rows, "[1,2,3.0]"),
            ("*.missing", rows, "[null,null,null]"),
            ("values(@)[*].s", rows, "[1,2,3.0]"),
            ("keys(@)", rows, r#"["row_9","row_10","row_1"]"#),
            ("*.[b,s][]", rows, r#"["x",1,"y",2,"z",3.0]"#),
            ("*.*", rows, r#"[[1,"x"],[2,"y"],[3.0,"z"]]"#),
            ("*.* | [0]", rows, r#"[1,"x"]"#),
            ("@", rows, rows),
            ("row_10", rows, r#"{"s":2,"b":"y"}"#),
            ("{z: row_9.s, a: row_1.s}", rows, r#"{"z":1,"a":3.0}"#),
            ("{z: row_9.s, a: row_1.s}.*", rows, "[1,3.0]"),
            ("merge(row_9, {a: `5`}, {s: `7`})", rows, r#"{"s":7,"b":"x","a":5}"#),
            ("merge(row_9, {a: `5`}, {s: `7`}).*", rows, r#"[7,"x",5]"#),
            ("rows[*].*", r#"{"rows":[{"b":1,"a":2},{"b":3,"a":4}]}"#, "[[1,2],[3,4]]"),
            ("rows[?*|[0]==`3`].a", r#"{"rows":[{"b":1,"a":2},{"b":3,"a":4}]}"#, "[4]"),
            ("(x || y).*", r#"{"y":{"b":1,"a":2}}"#, "[1,2]"),
            ("(y && y).*", r#"{"y":{"b":1,"a":2}}"#, "[1,2]"),
            ("to_array(y.*)[-1]", r#"{"y":{"b":1,"a":2}}"#, "2"),
            ("!(y.*)", r#"{"y":{"b":1,"a":2}}"#, "false"),
            ("y.*", r#"{"y":[1,2]}"#, "null"),
            ("map(&s, values(@))", rows, "[1,2,3.0]"),
        ];
        for (path, text, expected) in cases {
            assert_eq!(found(path, text), expected, "{path}");
        }
    }

    #[test]
    fn an_order_that_would_be_lost_is_refused() {
        for path in ["map(&*.s, @)", "sort_by(rows, &values(@)[0])", "rows[?max_by(@, &keys(@)[0])]"] {
            assert!(Path::parse(path).is_err_and(|cause| cause.contains("begins with &")), "{path}");
        }
    }
}
