//! The tables of variables and of the program's own settings.

use std::collections::BTreeSet;

use super::super::monitors::EVERY_MONITOR;
use super::super::setting::parse_bytes;
use super::super::{SETTINGS, SettingValue, Settings, VARIABLES, unknown_variables};

#[test]
fn the_table_of_variables_is_whole() {
    let names: BTreeSet<&str> = VARIABLES.iter().map(|known| known.name).collect();
    assert_eq!(names.len(), VARIABLES.len(), "names are unique");
    for known in VARIABLES {
        assert!(!known.help.is_empty() && !known.help.ends_with('.'), "{}", known.name);
        assert!(known.name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{}", known.name);
    }
}

#[test]
fn the_table_of_settings_is_whole() {
    let flags: BTreeSet<&str> = SETTINGS.iter().map(|setting| setting.flag).collect();
    assert_eq!(flags.len(), SETTINGS.len(), "flags are unique");
    assert!(VARIABLES.iter().all(|known| !flags.contains(known.name.replace('_', "-").as_str())));
    for setting in SETTINGS {
        assert!(!setting.help.is_empty() && !setting.help.ends_with('.'), "{}", setting.flag);
        assert!(setting.flag.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", setting.flag);
        assert_eq!(setting.value_name.is_empty(), setting.is_switch(), "{}", setting.flag);
    }
    let users = SETTINGS.iter().map(|setting| setting.monitors).chain(VARIABLES.iter().map(|known| known.monitors));
    for users in users {
        assert!(!users.is_empty() && users.iter().all(|monitor| EVERY_MONITOR.contains(monitor)), "{users:?}");
    }
}

#[test]
fn the_defaults_in_the_table_of_settings_are_what_holds_where_nothing_is_set() {
    let unset = Settings::of_machine(3, 1 << 30);
    let mut settings = unset.clone();
    for setting in SETTINGS {
        let default = setting.default.map_or(Ok(()), |text| setting.apply(&mut settings, text));
        assert_eq!(default, Ok(()), "{}", setting.flag);
    }
    assert_eq!(settings, unset);
}

#[test]
fn every_setting_fills_a_field_of_its_own() {
    let unset = Settings::of_machine(3, 1 << 30);
    let mut filled = Vec::new();
    for setting in SETTINGS {
        let other_words = setting.words().into_iter().find(|word| Some(*word) != setting.default);
        let text = match setting.value {
            SettingValue::Count(..) => "7",
            SettingValue::Share(_) => "7%",
            SettingValue::Size(_) => "7MB",
            SettingValue::Offset(_) => "-PT7H",
            SettingValue::Delimiter(_) => "|",
            SettingValue::DriftMeasure(_) => "ks_statistic",
            SettingValue::Number(_) => "0.7",
            SettingValue::AlarmRule(_) => "2/7",
            SettingValue::Switch(_) => "yes",
            SettingValue::Text(_) | SettingValue::List(_) | SettingValue::Expression(_) => "text",
            SettingValue::OneOf(..) => other_words.expect("another word"),
        };
        let mut settings = unset.clone();
        setting.apply(&mut settings, text).expect(setting.flag);
        assert!(settings != unset && !filled.contains(&settings), "{} changes nothing of its own", setting.flag);
        filled.push(settings);
    }
}

#[test]
fn settings_that_mean_nothing_are_refused() {
    let find = |flag: &str| SETTINGS.iter().find(|setting| setting.flag == flag).expect("a setting");
    let cases = [
        ("threads", "0", "0 is not in 1..=1024"),
        ("threads", "many", "invalid digit found in string"),
        ("model-timeout", "3601", "3601 is not in 1..=3600"),
        ("max-rejected", "101%", "it is not between 0 and 1"),
        ("max-rejected", "NaN", "it is not between 0 and 1"),
        ("memory-limit", "much", "it is not a size such as 512MB"),
        ("start-time-offset", "1H", "it is not an offset such as -PT1H or -P7D"),
        ("verdict", "mine", "it is none of aws, statistical"),
    ];
    for (flag, text, cause) in cases {
        assert_eq!(find(flag).check(text), Err(cause.to_owned()), "{flag} {text}");
    }
}

#[test]
fn sizes_are_read_with_and_without_units() {
    let cases =
        [("1048576", Some(1 << 20)), ("512MB", Some(512 << 20)), ("1.5g", Some(3 << 29)), (" 2 GiB ", Some(2 << 30))];
    for (text, bytes) in cases {
        assert_eq!(parse_bytes(text), bytes, "{text}");
    }
    for text in ["", "MB", "-1", "0", "1e9", "1.2.3", "5 parsecs", "99999999999999999999TB"] {
        assert_eq!(parse_bytes(text), None, "{text}");
    }
}

#[test]
fn variables_that_are_no_settings_are_told() {
    let environment = ["MODEL_MONITOR_VERDICT", "MODEL_MONITOR_VERDCT", "MODEL_MONITORS", "PATH"].map(str::to_owned);
    let unknown: Vec<&String> = unknown_variables(environment.iter()).collect();
    assert_eq!(unknown, ["MODEL_MONITOR_VERDCT"]);
}
