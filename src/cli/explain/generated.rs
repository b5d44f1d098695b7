//! Tables of pages that are generated from the code's own tables.

use crate::cli::headings::monitors;
use crate::cli::layout::hanging;
use crate::contract::{SETTINGS, Setting, Support, VARIABLES, Variable};
use crate::decode::{Reason, SHAPES, Shape};
use crate::error::{EXIT_VIOLATIONS, Kind};
use crate::incident;
use crate::judge;
use crate::measure::{bias, drift, quality};
use crate::names::Monitor;
use crate::profile::Problem;

/// What makes a table.
type Table = fn() -> String;

/// Every table: the mark that stands for it, and what makes it.
static ALL: &[(&str, Table)] = &[
    ("{{variables}}", variables),
    ("{{settings}}", settings),
    ("{{shapes}}", shapes),
    ("{{reasons}}", reasons),
    ("{{drift}}", drift_measures),
    ("{{column_tests}}", column_tests),
    ("{{incidents}}", incidents),
    ("{{evidence}}", evidence),
    ("{{quality}}", quality_metrics),
    ("{{bias}}", bias_metrics),
    ("{{exit-codes}}", exit_codes),
];

/// The text with its tables in the places of their marks.
pub(super) fn filled_in(text: &str) -> String {
    let line = |line: &str| match ALL.iter().find(|(mark, _)| *mark == line) {
        Some((_, table)) => table(),
        None => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

fn item(name: &str, text: &str) -> String {
    hanging("- ", &format!("{name}: {text}"))
}

/// Items under a heading for each group of monitors, the groups in the order of their first item.
fn by_monitors<T>(items: impl Iterator<Item = T> + Clone, group: fn(&T) -> String, shown: fn(&T) -> String) -> String {
    let mut groups: Vec<String> = Vec::new();
    for item in items.clone() {
        if !groups.contains(&group(&item)) {
            groups.push(group(&item));
        }
    }
    let section = |name: &String| {
        let of_group: String = items.clone().filter(|item| group(item) == *name).map(|item| shown(&item)).collect();
        format!("## {name}\n\n{of_group}")
    };
    groups.iter().map(section).collect::<Vec<_>>().join("\n")
}

fn variables() -> String {
    let shown = |variable: &&Variable| match variable.support {
        Support::Refused(why) => item(variable.name, &format!("not supported, a job that sets it is refused: {why}")),
        _ => item(variable.name, variable.help),
    };
    by_monitors(VARIABLES.iter(), |variable| monitors(variable.monitors), shown)
}

fn settings() -> String {
    let shown = |setting: &&Setting| {
        let value = if setting.value_name.is_empty() { String::new() } else { format!(" {}", setting.value_name) };
        let words = setting.words().join(" or ");
        let words = if words.is_empty() { String::new() } else { format!("; {words}") };
        let default = setting.default.map(|default| format!("; default {default}")).unwrap_or_default();
        item(
            &format!("--{}{value}", setting.flag),
            &format!("{}{words}{default} ({})", setting.help, setting.variable()),
        )
    };
    by_monitors(SETTINGS.iter(), |setting| monitors(setting.monitors), shown)
}

fn shapes() -> String {
    let shown = |shape: &Shape| format!("{}    {}\n", item(shape.name, shape.rows), shape.example);
    SHAPES.iter().map(shown).collect()
}

fn reasons() -> String {
    Reason::ALL.iter().map(|reason| item(reason.name(), &format!("{}. {}", reason.text(), remedies(*reason)))).collect()
}

/// What to do about a reason, and in which monitors where that differs.
fn remedies(reason: Reason) -> String {
    let mut all: Vec<(&str, Vec<Monitor>)> = Vec::new();
    for monitor in Monitor::ALL {
        let Some(remedy) = reason.remedy(monitor) else { continue };
        match all.iter_mut().find(|(known, _)| *known == remedy) {
            Some((_, of)) => of.push(monitor),
            None => all.push((remedy, vec![monitor])),
        }
    }
    match &all[..] {
        [(remedy, _)] => (*remedy).to_owned(),
        all => all.iter().map(|(remedy, of)| format!("{}: {remedy}", monitors(of))).collect::<Vec<_>>().join(" "),
    }
}

fn drift_measures() -> String {
    let shown = |measure: &drift::DriftMeasure| {
        let words = measure.setting.map(|setting| [setting.drift_method, Some(setting.comparison_method)]);
        let words: Vec<&str> = words.into_iter().flatten().flatten().collect();
        let chosen = if words.is_empty() { String::new() } else { format!(", {}", words.join(" ")) };
        item(measure.name, &format!("{}{chosen}; {}", measure.columns.name(), measure.quantity.sense()))
    };
    drift::ALL.iter().map(shown).collect()
}

fn column_tests() -> String {
    let shown = |test: &judge::ColumnTest| {
        let what = test.what;
        let p_values: Vec<String> = test.p_values.iter().map(|name| format!("`{name}`")).collect();
        let p_values = p_values.join(" or ");
        item(
            test.effect,
            &format!("{what}; margin {}; weight {}; by {p_values}; `{}`", test.margin, test.weight, test.check),
        )
    };
    judge::TESTS.iter().map(shown).collect()
}

fn incidents() -> String {
    let shown = |kind: &&incident::IncidentKind| {
        let part = |name: &str, text: &str| hanging("  ", &format!("{name}: {text}"));
        let (evidence, remedy) = (part("Evidence", kind.evidence), part("What to do", kind.remedy));
        format!("{}{evidence}{remedy}", item(kind.name, kind.meaning))
    };
    incident::ALL.iter().map(shown).collect()
}

fn evidence() -> String {
    incident::EVIDENCE.iter().map(|evidence| item(evidence.name, evidence.meaning)).collect()
}

fn quality_metrics() -> String {
    let section = |problem: Problem| {
        let shown = |kind: &quality::MetricKind| {
            let better = match kind.larger_is_better {
                Some(true) => "larger is better",
                Some(false) => "smaller is better",
                None => "0 is best",
            };
            let origin = if kind.is_aws { "; AWS" } else { "" };
            let limit = if kind.limit.is_some() { "; has a limit" } else { "" };
            let estimated = if kind.is_estimated { "; estimated" } else { "" };
            item(kind.name, &format!("{better}{origin}{limit}{estimated}"))
        };
        let kinds: String = quality::ALL.iter().filter(|kind| kind.problem() == problem).map(shown).collect();
        format!("### {}\n\n{kinds}", problem.name())
    };
    Problem::ALL.map(section).join("\n")
}

fn bias_metrics() -> String {
    let section = |title: &str, stage: bias::Stage| {
        let of_stage = bias::ALL.iter().filter(|metric| metric.stage == stage);
        let shown: String = of_stage.map(|metric| hanging("- ", &metric.description())).collect();
        format!("### {title}\n\n{shown}")
    };
    [section("Of labels", bias::Stage::PreTraining), section("Of predictions", bias::Stage::PostTraining)].join("\n")
}

fn exit_codes() -> String {
    let mut codes = vec![
        (0, "the job ran; violations and warnings included"),
        (EXIT_VIOLATIONS, "there are violations, and --fail-on-violation is set"),
    ];
    codes.extend(Kind::ALL.iter().filter_map(|kind| Some((kind.exit_code(), kind.meaning()?))));
    codes.sort();
    codes.iter().map(|(code, meaning)| item(&code.to_string(), meaning)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::topics;
    use super::*;

    #[test]
    fn every_table_stands_in_one_page_and_every_mark_has_its_table() {
        for (mark, table) in ALL {
            let n = topics::ALL.iter().flat_map(|topic| topic.text.lines()).filter(|line| line == mark).count();
            assert_eq!((n, table().is_empty()), (1, false), "{mark}");
        }
        for topic in topics::ALL {
            assert!(!filled_in(topic.text).contains("{{"), "{}", topic.name);
        }
    }
}
