"""Analytics: what SQL cannot say well, as pure functions: frames in, frames out.

Belongs here: comparing names and numbers of customers, predicting payments (prediction/). Must not: reading or writing
anything, the clock, dagster, streamlit, arithmetic on money of the ledger (an estimate never enters one). Whoever calls
hands the frames over and decides what is done with the answer.
"""
