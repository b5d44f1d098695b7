//! Metrics of a baseline that a run did not measure.

use super::*;

#[test]
fn what_the_baseline_has_and_this_run_has_not_is_named() {
    let baseline = remembered(&measured(&fair()), true);
    assert_eq!(not_measured(&baseline, &measured(&unfair())).names, Vec::<String>::new());
    let mut labels_alone = measured(&fair());
    labels_alone.post_training.clear();
    let found = not_measured(&baseline, &labels_alone);
    assert_eq!((found.names.len(), found.n_known), (11, 16), "{:?}", found.names);
    assert_eq!((found.names[0].as_str(), found.metrics[0].as_str()), ("sex = 0: AD", "AD of sex"));
    let mut undefined = measured(&fair());
    undefined.post_training[0].metrics[0].value = Err("empty".to_owned());
    assert_eq!(not_measured(&baseline, &undefined).names, ["sex = 0: AD"]);
    let mut other = measured(&fair());
    other.pre_training[0].value_or_threshold = "1".to_owned();
    assert_eq!(not_measured(&baseline, &other).names.len(), 5, "a group that is not in the window");
    let mut without = baseline.clone();
    without[0].metrics.iter_mut().for_each(|(_, value)| *value = None);
    assert_eq!(not_measured(&without, &labels_alone), NotMeasured { n_known: 5, ..NotMeasured::default() });
}
