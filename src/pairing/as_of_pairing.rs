//! As-of pairing: decides, record by record of one id, which label record serves which capture.

use super::duplicate_policy::DuplicatePolicy;
use super::hour::hour_of;
use super::join_counts::JoinCounts;

/// Sees the records of one id after the other, each id's in the order of [`super::place`], and pairs
/// them. It holds at most three label records and one capture, however often an id repeats.
#[derive(Debug)]
pub struct AsOfPairing<C, L> {
    policy: DuplicatePolicy,
    pairs: JoinCounts,
    n_captures: u64,
    /// Captures that are not to be joined, since they are outside the window.
    n_outside_window: u64,
    n_labels: u64,
    n_labels_used: u64,
    /// Captures that no label record served when they were seen.
    n_unserved: u64,
    /// The label record that serves a capture which has none of its own.
    candidate: Option<Candidate<L>>,
    /// The last upload collected between the captures seen next and those seen last.
    own: Option<Candidate<L>>,
    /// The hour of the captures that [`Self::own`] serves, once it has served one.
    own_hour: Option<Option<i64>>,
    /// The first capture of its id, while it is the only one, and no label record served it.
    pending: Option<Capture<C>>,
    /// Captures that no label record serves, until they are taken.
    unserved: Vec<C>,
    /// The label record that serves the pending capture unless a second capture turns up.
    early: Option<Candidate<L>>,
}

#[derive(Debug)]
struct Capture<C> {
    time: Option<i64>,
    record: C,
}

#[derive(Debug)]
struct Candidate<L> {
    /// Its number among the label records of its id.
    number: u64,
    hour: Option<i64>,
    record: L,
    is_used: bool,
}

impl<C, L: Clone> AsOfPairing<C, L> {
    pub fn new(policy: DuplicatePolicy) -> Self {
        Self {
            policy,
            pairs: JoinCounts::default(),
            n_captures: 0,
            n_outside_window: 0,
            n_labels: 0,
            n_labels_used: 0,
            n_unserved: 0,
            candidate: None,
            own: None,
            own_hour: None,
            pending: None,
            unserved: Vec::new(),
            early: None,
        }
    }

    /// Takes a label record of the present id, collected in `hour` (counted from 1970, UTC).
    pub fn label(&mut self, hour: Option<i64>, record: L) {
        self.n_labels += 1;
        let candidate = |record| Candidate { number: self.n_labels, hour, record, is_used: false };
        if self.pending.is_some() && self.early.as_ref().is_none_or(|early| early.hour == hour) {
            self.early = Some(candidate(record.clone()));
        }
        if self.policy == DuplicatePolicy::Nearest {
            if self.own_hour.take().is_some() {
                self.own = None;
            }
            if self.own.as_ref().is_none_or(|own| own.hour == hour) {
                self.own = Some(candidate(record.clone()));
            }
        }
        if self.policy != DuplicatePolicy::First || self.candidate.is_none() {
            self.candidate = Some(candidate(record));
        }
    }

    /// Takes a capture of the present id, made at `time` (milliseconds since 1970, UTC). Gives it back
    /// with its label record where that is decided already.
    pub fn capture(&mut self, time: Option<i64>, record: C) -> Option<(C, L)> {
        self.n_captures += 1;
        let Some(candidate) = &mut self.candidate else {
            self.n_unserved += 1;
            let capture = Capture { time, record };
            if self.n_captures + self.n_outside_window == 1 {
                self.pending = Some(capture);
            } else {
                self.unserved.extend(self.pending.take().into_iter().chain([capture]).map(|capture| capture.record));
            }
            return None;
        };
        let hour = time.map(hour_of);
        let own = self.own.as_mut().filter(|_| self.own_hour.is_none_or(|own_hour| own_hour == hour));
        let serving = match own {
            Some(own) => {
                self.own_hour = Some(hour);
                candidate.is_used |= candidate.number == own.number;
                own
            }
            None => candidate,
        };
        self.n_labels_used += u64::from(!std::mem::replace(&mut serving.is_used, true));
        self.pairs.count_match(time, serving.hour);
        Some((record, serving.record.clone()))
    }

    /// Takes a capture of the present id that is not to be joined, since it is outside the window.
    /// Labels that are its own serve no other capture, and the id is not captured once only.
    pub fn capture_outside_window(&mut self, time: Option<i64>) {
        self.n_outside_window += 1;
        if self.own.is_some() {
            self.own_hour.get_or_insert(time.map(hour_of));
        }
    }

    /// Takes the captures of which it is decided that no label record serves them.
    pub fn unserved(&mut self) -> impl Iterator<Item = C> {
        self.unserved.drain(..)
    }

    /// Whether a capture, or a label record, of the present id is not its first.
    pub fn has_repeated(&self) -> bool {
        self.n_captures > 1 || self.n_labels > 1
    }

    /// Ends the present id. Gives back its only capture with a label record that was collected too
    /// early, where no better one came.
    pub fn end_id(&mut self) -> Option<(C, L)> {
        let is_alone = self.n_captures + self.n_outside_window == 1;
        let served = match (self.pending.take(), self.early.take()) {
            (Some(capture), Some(early)) if is_alone => {
                self.n_unserved -= 1;
                self.n_labels_used += 1;
                self.pairs.count_match(capture.time, early.hour);
                Some((capture.record, early.record))
            }
            (pending, _) => {
                self.unserved.extend(pending.map(|capture| capture.record));
                None
            }
        };
        (self.candidate, self.own, self.own_hour) = (None, None, None);
        self.count_id();
        served
    }

    fn count_id(&mut self) {
        let (n_captures, n_labels) = (std::mem::take(&mut self.n_captures), std::mem::take(&mut self.n_labels));
        let n_unserved = std::mem::take(&mut self.n_unserved);
        self.n_outside_window = 0;
        let n_labels_unused = n_labels - std::mem::take(&mut self.n_labels_used);
        let pairs = &mut self.pairs;
        pairs.n_captures += n_captures;
        pairs.n_labels += n_labels;
        pairs.n_labels_used += n_labels - n_labels_unused;
        pairs.n_captures_repeated += n_captures.saturating_sub(1);
        pairs.n_labels_repeated += n_labels.saturating_sub(1);
        if n_labels == 0 {
            pairs.n_captures_without_label += n_unserved;
        } else {
            pairs.n_captures_label_too_early += n_unserved;
        }
        if n_captures == 0 {
            pairs.n_labels_without_capture += n_labels_unused;
        } else {
            pairs.n_labels_superseded += n_labels_unused;
        }
    }

    /// Ends the last id, and gives its late pair, as [`Self::end_id`] does, and the counts of all ids.
    pub fn finish(mut self) -> (Option<(C, L)>, JoinCounts) {
        let served = self.end_id();
        (served, self.pairs)
    }
}
