//! The job as SageMaker describes it: raw strings first, then the checked contract.
