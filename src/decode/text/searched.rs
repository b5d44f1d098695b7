//! JSON values in the form that JMESPath expressions search: numbers keep their text, and objects their order.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jmespath::{Rcvar, Variable};
use serde_json::Number;

use crate::decode::reason::Reason;
use crate::decode::text::json::{self, Node, Value, json_string};

/// What an expression found.
pub type JmesValue = Rcvar;

/// A JSON value in the form that expressions search.
pub struct Searched<'a> {
    root: Rcvar,
    /// How numbers are written, where their value does not tell it: by the place of their variable,
    /// which stays the same while it is searched, since variables are shared.
    written: HashMap<usize, &'a str>,
    /// The keys of objects that are not in the order of their text: by the object's place. Each is kept, so that no
    /// other variable takes its place.
    orders: RefCell<HashMap<usize, (Rcvar, Vec<String>)>>,
}

impl<'a> Searched<'a> {
    pub fn of(value: Value<'_, 'a>) -> Result<Self, Reason> {
        let mut searched =
            Self { root: Rcvar::new(Variable::Null), written: HashMap::new(), orders: RefCell::default() };
        searched.root = searched.variable(value)?;
        Ok(searched)
    }

    fn variable(&mut self, value: Value<'_, 'a>) -> Result<Rcvar, Reason> {
        let text = |text| {
            let mut meaning = String::new();
            json::unescape(text, &mut meaning).map(|()| meaning)
        };
        Ok(Rcvar::new(match value.node() {
            Node::Literal("true") => Variable::Bool(true),
            Node::Literal("false") => Variable::Bool(false),
            Node::Literal(word) => return Ok(self.number(word)),
            Node::String(string) => Variable::String(text(string)?),
            Node::Array { .. } => {
                Variable::Array(value.elements().map(|element| self.variable(element)).collect::<Result<_, _>>()?)
            }
            Node::Object { .. } => {
                let members = value.entries().map(|(key, child)| Ok((text(key)?, self.variable(child)?)));
                let members = members.collect::<Result<_, Reason>>()?;
                return Ok(self.object(members));
            }
            Node::Null | Node::Key(_) => Variable::Null,
        }))
    }

    pub fn root(&self) -> &JmesValue {
        &self.root
    }

    /// The root without one of its members.
    pub fn without(&self, key: &str) -> JmesValue {
        let Some(members) = self.root.as_object() else { return self.root.clone() };
        let names = self.keys(&self.root).into_iter().filter(|name| name != key);
        self.object(names.filter_map(|name| members.get(&name).cloned().map(|member| (name, member))).collect())
    }

    /// An object of members in this order, whose keys are different ones.
    pub fn object(&self, members: Vec<(String, Rcvar)>) -> Rcvar {
        let is_sorted = members.is_sorted_by(|(one, _), (next, _)| one < next);
        let order = if is_sorted { Vec::new() } else { members.iter().map(|(key, _)| key.clone()).collect() };
        let object = Rcvar::new(Variable::Object(members.into_iter().collect::<BTreeMap<_, _>>()));
        if !is_sorted {
            self.orders.borrow_mut().insert(Arc::as_ptr(&object) as usize, (object.clone(), order));
        }
        object
    }

    /// The keys of an object in the order in which it is written.
    pub fn keys(&self, object: &Rcvar) -> Vec<String> {
        if let Some((_, order)) = self.orders.borrow().get(&(Arc::as_ptr(object) as usize)) {
            return order.clone();
        }
        object.as_object().map(|members| members.keys().cloned().collect()).unwrap_or_default()
    }

    /// What was found, as it is written in JSON.
    pub fn json(&self, found: &JmesValue) -> String {
        let mut text = String::new();
        self.write(found, &mut text);
        text
    }

    fn write(&self, found: &JmesValue, out: &mut String) {
        match &**found {
            Variable::Array(elements) => {
                out.push('[');
                for (i, element) in elements.iter().enumerate() {
                    out.push_str(if i > 0 { "," } else { "" });
                    self.write(element, out);
                }
                out.push(']');
            }
            Variable::Object(members) => {
                out.push('{');
                for (i, key) in self.keys(found).iter().enumerate() {
                    out.push_str(if i > 0 { "," } else { "" });
                    out.push_str(&json_string(key));
                    out.push(':');
                    self.write(&members[key], out);
                }
                out.push('}');
            }
            Variable::String(text) => out.push_str(&json_string(text)),
            _ => out.push_str(self.text(found).as_deref().unwrap_or("null")),
        }
    }

    /// A number; as a text where it is none (`NaN`) or beyond a double.
    fn number(&mut self, word: &'a str) -> Rcvar {
        let Ok(number) = word.parse::<Number>() else { return Rcvar::new(Variable::String(word.to_owned())) };
        let is_same = number.to_string() == word;
        let variable = Rcvar::new(Variable::Number(number));
        if !is_same {
            self.written.insert(Arc::as_ptr(&variable) as usize, word);
        }
        variable
    }

    /// The text of a scalar; `None` of anything else, null included.
    pub fn text(&self, variable: &Rcvar) -> Option<String> {
        match &**variable {
            Variable::String(text) => Some(text.clone()),
            Variable::Bool(value) => Some(value.to_string()),
            Variable::Number(number) => {
                let written = self.written.get(&(Arc::as_ptr(variable) as usize));
                Some(written.map_or_else(|| number.to_string(), |&word| word.to_owned()))
            }
            _ => None,
        }
    }
}
