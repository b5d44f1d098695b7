//! Summary: the one algebra of the house; a summary sees rows, adds up, and is closed.

/// Something that is folded over rows.
///
/// Laws, held by the tests of every implementation: merging a default value changes nothing
/// but what the implementation's own documentation says; `merge` is associative up to the
/// rounding of floating-point sums; the same inputs in the same order give the same output,
/// bit for bit.
pub trait Summary: Default {
    /// What one observation looks at.
    type Input: ?Sized;
    /// The closed form.
    type Output;
    /// Takes one input in.
    fn observe(&mut self, input: &Self::Input);
    /// Takes in everything that `other` saw, as if it came after everything seen so far.
    fn merge(&mut self, other: Self);
    /// Closes the summary.
    fn finish(self) -> Self::Output;
    /// Bytes held on the heap, within a factor of two. Zero where they are few and fixed.
    fn memory(&self) -> usize {
        0
    }
}

/// Two summaries of the same inputs, side by side.
impl<A: Summary, B: Summary<Input = A::Input>> Summary for (A, B) {
    type Input = A::Input;
    type Output = (A::Output, B::Output);

    fn observe(&mut self, input: &Self::Input) {
        self.0.observe(input);
        self.1.observe(input);
    }

    fn merge(&mut self, other: Self) {
        self.0.merge(other.0);
        self.1.merge(other.1);
    }

    fn finish(self) -> Self::Output {
        (self.0.finish(), self.1.finish())
    }

    fn memory(&self) -> usize {
        self.0.memory() + self.1.memory()
    }
}
