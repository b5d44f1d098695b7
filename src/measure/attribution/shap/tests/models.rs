//! Models whose predictions can be computed here as elsewhere.

use serde_json::Value;

pub fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().map(|values| values.iter().filter_map(Value::as_f64).collect()).unwrap_or_default()
}

pub fn matrix(value: &Value) -> Vec<Vec<f64>> {
    value.as_array().map(|rows| rows.iter().map(numbers).collect()).unwrap_or_default()
}

/// A model from its JSON: a sum of linear terms, products and trees, maybe through a logistic curve.
pub struct Model {
    bias: f64,
    linear: Vec<f64>,
    /// Two features and a factor.
    products: Vec<Vec<f64>>,
    /// Nodes: feature, threshold, place of the node for values up to it, of the node for others; or -1 and a value.
    trees: Vec<Vec<Vec<f64>>>,
    is_logistic: bool,
}

impl Model {
    pub fn of(value: &Value) -> Self {
        Self {
            bias: value["bias"].as_f64().expect("a bias"),
            linear: numbers(&value["linear"]),
            products: matrix(&value["products"]),
            trees: value["trees"].as_array().expect("trees").iter().map(matrix).collect(),
            is_logistic: value["logistic"].as_bool().expect("whether it is logistic"),
        }
    }

    pub fn predict(&self, row: &[f64]) -> f64 {
        let linear: f64 = self.linear.iter().zip(row).map(|(factor, x)| factor * x).sum();
        let product = |term: &Vec<f64>| term[2] * row[term[0] as usize] * row[term[1] as usize];
        let products: f64 = self.products.iter().map(product).sum();
        let trees: f64 = self.trees.iter().map(|tree| leaf(tree, row)).sum();
        let sum = self.bias + linear + products + trees;
        if self.is_logistic { 1.0 / (1.0 + (-sum).exp()) } else { sum }
    }
}

fn leaf(tree: &[Vec<f64>], row: &[f64]) -> f64 {
    let mut node = &tree[0];
    while node[0] >= 0.0 {
        let is_left = row[node[0] as usize] <= node[1];
        node = &tree[node[if is_left { 2 } else { 3 }] as usize];
    }
    node[1]
}
