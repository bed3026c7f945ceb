/** A failed step has said what is wrong; a stack trace of this script would only hide it. */
export async function orExplain(work) {
  try {
    await work();
  } catch (error) {
    console.error(`\n${error.message}`);
    process.exitCode = 1;
  }
}
