//! JMESPath expressions over JSON values whose numbers keep their text.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jmespath::ast::Ast;
use jmespath::{Context, DEFAULT_RUNTIME, Expression, Rcvar, SearchResult, Variable, interpret};
use serde_json::Number;

use crate::decode::reason::Reason;
use crate::decode::text::json::{self, Node, Value, json_string};

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
        let refused = |cause: jmespath::JmespathError| {
            format!("it is no JMESPath expression: {}", first_line(cause.reason.to_string()))
        };
        jmespath::compile(text).map(|expression| Self { expression }).map_err(refused)
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
        let found = self.rows(&searched.root, self.expression.as_ast());
        found.unwrap_or_else(|_| JmesValue::new(Variable::Null))
    }

    /// Whether anything is there of what the expression looks at, whatever becomes of it.
    pub fn looks_at(&self, searched: &Searched<'_>) -> bool {
        self.finds(&searched.root, self.expression.as_ast())
    }

    fn finds(&self, data: &JmesValue, node: &Ast) -> bool {
        match node {
            Ast::Comparison { lhs, rhs, .. } | Ast::And { lhs, rhs, .. } | Ast::Or { lhs, rhs, .. } => {
                self.finds(data, lhs) || self.finds(data, rhs)
            }
            Ast::Not { node, .. } => self.finds(data, node),
            Ast::Function { args, .. } => args.iter().any(|argument| self.finds(data, argument)),
            Ast::Projection { lhs, .. } => self.finds(data, lhs),
            Ast::Literal { .. } => false,
            other => self.interpret(data, other).is_ok_and(|found| !found.is_null()),
        }
    }

    fn rows(&self, data: &JmesValue, node: &Ast) -> SearchResult {
        match node {
            Ast::Subexpr { lhs, rhs, .. } => self.rows(&self.interpret(data, lhs)?, rhs),
            Ast::Projection { lhs, rhs, .. } if !matches!(**rhs, Ast::Condition { .. }) => {
                let list = self.interpret(data, lhs)?;
                let Some(elements) = list.as_array() else { return Ok(JmesValue::new(Variable::Null)) };
                let each = elements.iter().map(|element| self.interpret(element, rhs));
                Ok(JmesValue::new(Variable::Array(each.collect::<Result<_, _>>()?)))
            }
            other => self.interpret(data, other),
        }
    }

    fn interpret(&self, data: &JmesValue, node: &Ast) -> SearchResult {
        interpret(data, node, &mut Context::new(self.expression.as_str(), &DEFAULT_RUNTIME))
    }
}

/// What an expression found.
pub type JmesValue = Rcvar;

/// A JSON value in the form that expressions search.
pub struct Searched<'a> {
    root: Rcvar,
    /// How numbers are written, where their value does not tell it: by the place of their variable,
    /// which stays the same while it is searched, since variables are shared.
    written: HashMap<usize, &'a str>,
}

impl<'a> Searched<'a> {
    pub fn of(value: Value<'_, 'a>) -> Result<Self, Reason> {
        let mut searched = Self { root: Rcvar::new(Variable::Null), written: HashMap::new() };
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
                let mut members = BTreeMap::new();
                for (key, child) in value.entries() {
                    members.insert(text(key)?, self.variable(child)?);
                }
                Variable::Object(members)
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
        let mut members = members.clone();
        members.remove(key);
        JmesValue::new(Variable::Object(members))
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
                for (i, (key, member)) in members.iter().enumerate() {
                    out.push_str(if i > 0 { "," } else { "" });
                    out.push_str(&json_string(key));
                    out.push(':');
                    self.write(member, out);
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
