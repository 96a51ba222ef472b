// Keeps the support library non-empty; shared helpers of the tests live beside this file.
