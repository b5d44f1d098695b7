//! Sections `shap` and `pdp` of `analysis_config.json`: what is asked of attributions and of partial dependence.

use serde_json::{Number, Value};

use super::values::{check_keys, column, count, list, whole};
use super::{BaselineRow, NameOrIndex, PdpConfig, ShapBaseline, ShapConfig};
use crate::decode::MAX_COLUMNS;
use crate::profile::Aggregation;
use crate::wire::WireError;
use crate::wire::lenient::Object;

/// Most rows that may stand for absent features. Each of them is mixed into every coalition of every
/// explained row, so that far fewer use up what may be asked of a model.
pub const MAX_BASELINE_ROWS: usize = 1_000;
/// Most cells of all these rows; each is a text of its own in memory.
const MAX_BASELINE_CELLS: usize = 1_000_000;
/// Most coalitions of a row, which are held in memory with their answers.
const MAX_SAMPLES: usize = 1_000_000;
/// Most parts of a grid. Every row is sent to the model once for each of them.
const MAX_GRID: usize = 1_000;

pub fn shap(object: &Object<'_>) -> Result<ShapConfig, WireError> {
    check_keys(
        object,
        &[
            "baseline",
            "num_clusters",
            "num_samples",
            "seed",
            "use_logit",
            "agg_method",
            "save_local_shap_values",
            "features_to_explain",
            "text_config",
            "image_config",
        ],
    )?;
    let methods = Aggregation::ALL.map(|aggregation| (aggregation.name(), aggregation));
    let config = ShapConfig {
        baseline: baseline(object)?,
        num_clusters: count(object, "num_clusters", MAX_BASELINE_ROWS)?,
        num_samples: count(object, "num_samples", MAX_SAMPLES)?,
        seed: whole(object, "seed", 0, u64::MAX)?,
        use_logit: object.boolean("use_logit")?.unwrap_or(false),
        aggregation: object.word("agg_method", &methods)?.unwrap_or_default(),
        save_local_shap_values: object.boolean("save_local_shap_values")?.unwrap_or(false),
        features_to_explain: features(object, "features_to_explain")?,
    };
    if config.baseline.is_some() && config.num_clusters.is_some() {
        return Err(object.error("num_clusters", "cannot be given together with baseline"));
    }
    Ok(config)
}

pub fn pdp(object: &Object<'_>) -> Result<PdpConfig, WireError> {
    check_keys(object, &["grid_resolution", "features", "top_k_features"])?;
    let top_k_features = count(object, "top_k_features", MAX_COLUMNS)?;
    Ok(PdpConfig {
        grid_resolution: count(object, "grid_resolution", MAX_GRID)?,
        features: features(object, "features")?,
        top_k_features: top_k_features.unwrap_or(PdpConfig::default().top_k_features),
    })
}

/// Columns; `None` where none is named.
fn features(object: &Object<'_>, key: &str) -> Result<Option<Vec<NameOrIndex>>, WireError> {
    Ok(list(object, key, column)?.filter(|features| !features.is_empty()))
}

/// A place, rows, or one row that stands for a list of one.
fn baseline(object: &Object<'_>) -> Result<Option<ShapBaseline>, WireError> {
    let key = "baseline";
    let Some(value) = object.get(key) else { return Ok(None) };
    let rows = match value {
        Value::String(uri) if !uri.trim().is_empty() => return Ok(Some(ShapBaseline::Uri(uri.trim().to_owned()))),
        Value::Object(_) => std::slice::from_ref(value),
        Value::Array(rows) if rows.is_empty() => return Err(object.error(key, "holds no row")),
        Value::Array(cells) if cells.iter().all(is_scalar) => std::slice::from_ref(value),
        Value::Array(rows) => rows.as_slice(),
        _ => return Err(object.error(key, "is neither a place nor rows")),
    };
    if rows.len() > MAX_BASELINE_ROWS {
        return Err(object.error(key, format!("holds {} rows, more than {MAX_BASELINE_ROWS}", rows.len())));
    }
    let n_cells: usize = rows.iter().filter_map(Value::as_array).map(Vec::len).sum();
    if n_cells > MAX_BASELINE_CELLS {
        return Err(object.error(key, format!("holds {n_cells} cells, more than {MAX_BASELINE_CELLS}")));
    }
    let row = |(i, value): (usize, &Value)| row(value).map_err(|cause| object.error(&format!("{key}[{i}]"), cause));
    let rows: Vec<BaselineRow> = rows.iter().enumerate().map(row).collect::<Result<_, _>>()?;
    let n_records = rows.iter().filter(|row| matches!(row, BaselineRow::Record(_))).count();
    if n_records > 0 && n_records < rows.len() {
        return Err(object.error(key, "holds objects beside rows of cells"));
    }
    Ok(Some(ShapBaseline::Rows(rows)))
}

fn row(value: &Value) -> Result<BaselineRow, String> {
    match value {
        Value::Object(_) => Ok(BaselineRow::Record(value.to_string())),
        Value::Array(cells) if cells.is_empty() => Err("holds no cell".to_owned()),
        Value::Array(cells) if cells.len() > MAX_COLUMNS => {
            Err(format!("holds {} cells, more than {MAX_COLUMNS}", cells.len()))
        }
        Value::Array(cells) if cells.iter().all(is_scalar) => Ok(BaselineRow::Cells(cells.iter().map(cell).collect())),
        _ => Err("is neither a row of cells nor an object".to_owned()),
    }
}

/// A cell as a decoder of JSON gives it; an empty text is missing, as it is in data.
fn cell(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(Number::to_string(number)),
        Value::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

fn is_scalar(value: &Value) -> bool {
    !value.is_array() && !value.is_object()
}
