@echo off
rem Runs lot4j on Windows; builds it first when it was not built. Untested: only Linux is.
setlocal
set HOME_DIR=%~dp0
set BUILT=%HOME_DIR%lot4j-cli\target\lot
where java >nul 2>nul || (echo lot: no JDK found; lot4j needs JDK 17 or newer 1>&2 & exit /b 2)
if not exist "%BUILT%\dependencies" (
  where mvn >nul 2>nul || (echo lot: no Maven found; lot4j needs Maven 3.8 or newer 1>&2 & exit /b 2)
  echo lot: building ^(once^) 1>&2
  pushd "%HOME_DIR%"
  call mvn -B -q -Dquick -Dmaven.test.skip=true -pl lot4j-cli -am package || (popd & exit /b 1)
  popd
)
if not defined OPENBLAS_THREAD_TIMEOUT set OPENBLAS_THREAD_TIMEOUT=4
rem A core type forced on OpenBLAS keeps it from the kernels of this processor, up to a third slower.
set OPENBLAS_CORETYPE=%LOT_OPENBLAS_CORETYPE%
set /p CP=<"%BUILT%\dependencies"
if defined LOT_CLASSPATH set CP=%CP%;%LOT_CLASSPATH%
java -XX:+UseSerialGC -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 -Dorg.bytedeco.javacpp.logger=slf4j -Dorg.slf4j.simpleLogger.log.org.bytedeco=error -Dorg.slf4j.simpleLogger.log.ai.djl=error -Dlot.home="%HOME_DIR%." -cp "%HOME_DIR%lot4j-cli\target\lot4j-cli.jar;%CP%" lot4j.cli.Main %*
exit /b %ERRORLEVEL%
