//! Setting: a flag and its variable, what it takes, and the field of [`Settings`] that it fills.

use super::offset::parse_offset;
use super::settings::Settings;
use crate::decode::{Path, csv};
use crate::judge::AlarmRule;
use crate::measure::drift;
use crate::names::Monitor;
use crate::names::capture::EVENT_METADATA;

/// Before the names of the program's own variables.
pub(super) const VARIABLE_PREFIX: &str = "MODEL_MONITOR_";

/// A setting of the program's own.
#[derive(Debug)]
pub struct Setting {
    /// The flag without its dashes.
    pub flag: &'static str,
    /// What help texts call the value; empty for switches, which take none.
    pub value_name: &'static str,
    /// What holds where it is not set, as one would write it; `None` where that is nothing, or the
    /// machine's to say.
    pub default: Option<&'static str>,
    pub help: &'static str,
    /// The monitors that it means something to.
    pub monitors: &'static [Monitor],
    pub value: SettingValue,
}

/// What a setting takes, and where that goes.
#[derive(Debug)]
pub enum SettingValue {
    Switch(fn(&mut Settings, bool)),
    Text(fn(&mut Settings, &str)),
    /// Texts, joined by commas; given twice, the second list continues the first.
    List(fn(&mut Settings, &str)),
    /// One of these words.
    OneOf(fn() -> Vec<&'static str>, fn(&mut Settings, &str)),
    /// A whole number from 1 to so many.
    Count(u64, fn(&mut Settings, u64)),
    /// A part of a whole, in 0…1.
    Share(fn(&mut Settings, f64)),
    /// Bytes.
    Size(fn(&mut Settings, usize)),
    /// Milliseconds.
    Offset(fn(&mut Settings, i64)),
    /// The character between cells.
    Delimiter(fn(&mut Settings, u8)),
    /// A JMESPath expression.
    Expression(fn(&mut Settings, Path)),
    /// The name of a drift measure.
    DriftMeasure(fn(&mut Settings, &'static str)),
    /// A number of at least 0.
    Number(fn(&mut Settings, f64)),
    /// How the windows before this one count.
    AlarmRule(fn(&mut Settings, AlarmRule)),
}

impl Setting {
    /// The variable that stands in for the flag.
    pub fn variable(&self) -> String {
        format!("{VARIABLE_PREFIX}{}", self.flag.to_ascii_uppercase().replace('-', "_"))
    }

    /// The words that it takes; none where it takes more than some words.
    pub fn words(&self) -> Vec<&'static str> {
        match self.value {
            SettingValue::OneOf(words, _) => words(),
            _ => Vec::new(),
        }
    }

    pub fn is_switch(&self) -> bool {
        matches!(self.value, SettingValue::Switch(_))
    }

    pub fn is_list(&self) -> bool {
        matches!(self.value, SettingValue::List(_))
    }

    pub fn is_offset(&self) -> bool {
        matches!(self.value, SettingValue::Offset(_))
    }

    /// Whether `text` means something; the error is the cause that it does not.
    pub fn check(&self, text: &str) -> Result<(), String> {
        self.apply(&mut Settings::of_machine(1, 1), text)
    }

    /// Reads `text` into the field of this setting; the error is the cause that `text` means nothing.
    pub fn apply(&self, settings: &mut Settings, text: &str) -> Result<(), String> {
        match self.value {
            SettingValue::Switch(set) => set(settings, is_on(text)),
            SettingValue::Text(set) if !text.trim().is_empty() => set(settings, text),
            SettingValue::Text(_) => {}
            SettingValue::List(add) => {
                text.split(',').map(str::trim).filter(|item| !item.is_empty()).for_each(|item| add(settings, item));
            }
            SettingValue::OneOf(words, set) => match words().contains(&text) {
                true => set(settings, text),
                false => return Err(format!("it is none of {}", words().join(", "))),
            },
            SettingValue::Count(most, set) => set(settings, parse_count(text, most)?),
            SettingValue::Share(set) => set(settings, parse_share(text)?),
            SettingValue::Size(set) => set(settings, parse_bytes(text).ok_or("it is not a size such as 512MB")?),
            SettingValue::Delimiter(set) if !text.is_empty() => {
                set(settings, csv::delimiter(text).map_err(|cause| format!("it {cause}"))?);
            }
            SettingValue::Delimiter(_) => {}
            SettingValue::Expression(_) if text.trim().is_empty() => {}
            SettingValue::Expression(_) if text.contains(EVENT_METADATA) => {
                return Err(format!("it is looked for in {EVENT_METADATA} itself: leave that name out"));
            }
            SettingValue::DriftMeasure(set) => {
                let mut names = drift::ALL.iter().map(|measure| measure.name);
                set(
                    settings,
                    names.find(|name| *name == text).ok_or("`model-monitor explain measures` has the names")?,
                );
            }
            SettingValue::Number(set) => {
                let number = text.trim().parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0);
                set(settings, number.ok_or("it is no number of at least 0")?);
            }
            SettingValue::AlarmRule(set) => set(settings, AlarmRule::parse(text.trim())?),
            SettingValue::Expression(set) => set(settings, Path::parse(text)?),
            SettingValue::Offset(set) => {
                set(settings, parse_offset(text).ok_or("it is not an offset such as -PT1H or -P7D")?);
            }
        }
        Ok(())
    }
}

/// Whether a switch is on that is set by a word.
fn is_on(text: &str) -> bool {
    !["n", "no", "f", "false", "off", "0"].contains(&text.trim().to_ascii_lowercase().as_str())
}

fn parse_count(text: &str, most: u64) -> Result<u64, String> {
    let number: i128 = text.parse().map_err(|cause: std::num::ParseIntError| cause.to_string())?;
    let is_inside = |number: &u64| (1..=most).contains(number);
    u64::try_from(number).ok().filter(is_inside).ok_or_else(|| format!("{number} is not in 1..={most}"))
}

fn parse_share(text: &str) -> Result<f64, &'static str> {
    let (number, unit) = text.strip_suffix('%').map_or((text, 1.0), |percent| (percent, 100.0));
    let share = number.trim().parse::<f64>().map_err(|_| "it is not a share such as 0.05 or 5%")? / unit;
    if (0.0..=1.0).contains(&share) { Ok(share) } else { Err("it is not between 0 and 1") }
}

/// Bytes of a size such as `512MB`, `2GiB`, `1.5g` or `1048576`. `MB` and `MiB` both mean 2²⁰ bytes.
pub(super) fn parse_bytes(text: &str) -> Option<usize> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: f64 = number.parse().ok()?;
    let factor = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1_u64,
        "k" | "kb" | "kib" => 1 << 10,
        "m" | "mb" | "mib" => 1 << 20,
        "g" | "gb" | "gib" => 1 << 30,
        "t" | "tb" | "tib" => 1 << 40,
        _ => return None,
    };
    let bytes = number * factor as f64;
    (bytes >= 1.0 && bytes < usize::MAX as f64).then_some(bytes as usize)
}
